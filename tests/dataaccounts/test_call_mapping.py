"""A wholesaler's own CSV: its columns proposed, changed, looked at and kept; then its files are taken in."""

from __future__ import annotations

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dataaccounts.models import Call, CallDrop, CallFile, CallProfile
from herotill import runs
from herotill.models import Run
from tests.factories import make_person
from tests.factories.calls import make_deck, make_line, make_profile, make_source

pytestmark = pytest.mark.django_db
ADDRESS = "/data-accounts/calls/formats/new/"
FILE = (
    "Calls of August\n"
    "Account;Date;Time;CLI;Destination;Description;Duration;Cost;Direction;Call ID\n"
    '27871234567;02/08/2018;10:00:00;0871234567;082 123 4567;"Mobile; prepaid";00:01:00;R 0,5750;Out;A1\n'
    "27871234567;31/02/2018;10:00:00;0871234567;0821234567;Mobile;00:01:00;R 0,5750;Out;A2\n"
    "27871234567;03/08/2018;10:00:00;0871234567;0821234567;Mobile;00:02:00;R 1,1500;In;A3\n"
)


def sample() -> SimpleUploadedFile:
    return SimpleUploadedFile("august.csv", FILE.encode("cp1252"))


def filled(page: str) -> dict[str, str]:
    """What the form has, as a browser would send it."""
    given = {
        name: html.unescape(value)
        for name, value in re.findall(
            r'<input type="(?:hidden|text|number)" name="(\w+)" value="([^"]*)"', page
        )
    }
    for name, inside in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        given[name] = html.unescape(chosen.group(1)) if chosen else ""
    return given


def test_a_format_is_made_from_a_file_and_reads_it(client: Client) -> None:
    make_deck("sell", [("2782", "Mobile", "mobile", "1.20")])
    line = make_line()
    rights = ("dataaccounts.add_callprofile", "dataaccounts.add_callfile", "dataaccounts.view_callfile")
    client.force_login(make_person("Thabo", *rights))
    looked = client.post(ADDRESS, {"sample": sample(), "skip_records": 1})
    assert (
        "Calls of August</td>" in looked.content.decode()
    )  # how the file begins is seen beside the questions
    given = filled(looked.content.decode())
    assert (given["delimiter"], given["column_b_number"], given["column_billsec"]) == (
        ";",
        "Destination",
        "Duration",
    )
    assert (given["date_format"], given["time_format"]) == ("DD/MM/YYYY", "HH:MM:SS")
    assert (given["timezone"], given["duration_unit"]) == ("", "hh:mm:ss")
    given |= {
        "sample": FILE,
        "name": "Karoo Voice",
        "source": str(line.source_id),
        "encoding": "utf-8-sig",
        "skip_records": "1",
        "timezone": "Africa/Johannesburg",
        "cost_includes_vat": "on",
        "column_start": "",
    }
    refused = client.post(ADDRESS, given)
    assert refused.status_code == 422
    assert "Say what stands there for a call that was made." in refused.content.decode()
    given["outbound_value"] = "Out"
    shown = client.post(ADDRESS, given).content.decode()
    assert "27821234567" in shown
    assert "0.5000" in shown
    assert "The start is no date and time of the format" in shown
    assert not CallProfile.objects.exists()
    assert client.post(ADDRESS, given | {"keep": "1"}).status_code == 302
    profile = CallProfile.objects.get()
    assert (profile.kind, profile.line_match) == ("mapped", ["Account", "CLI"])
    assert profile.vat_percent == 15
    taken = client.post("/data-accounts/calls/new/", {"profile": profile.pk, "file": sample()})
    assert taken.status_code == 302
    runs.work(Run.objects.latest("pk").pk)
    assert str(Call.objects.get().cost) == "0.500000"
    twice = client.post(ADDRESS, given | {"keep": "1"})
    assert "already a format called" in twice.content.decode()


def test_moments_with_a_z_lengths_and_what_it_costs_us_are_proposed_from_the_first_rows(
    client: Client,
) -> None:
    client.force_login(make_person("Thabo", "dataaccounts.add_callprofile"))
    text = (
        "username,call_start,source,destination,seconds,cost_incl_vat\n"
        "ali,2026-02-28T21:24:00Z,+27418692391,27825182159,64,0.5006\n"
        "ali,soon,+27418692391,27825182159,1:4,0.5006\n"
    )
    page = client.post(ADDRESS, {"sample": SimpleUploadedFile("b.csv", text.encode())}).content.decode()
    given = filled(page)
    assert (given["column_start"], given["date_format"], given["time_format"]) == (
        "call_start",
        "YYYY-MM-DD",
        "THH:MM:SSZ",
    )
    assert (given["timezone"], given["duration_unit"]) == ("UTC", "s")
    assert given["column_supplier_cost"] == "cost_incl_vat"
    assert re.search(r'name="cost_includes_vat"[^>]* checked', page)


def test_times_without_seconds_are_proposed_and_read(client: Client) -> None:
    client.force_login(make_person("Thabo", "dataaccounts.add_callprofile"))
    text = "Account,Start,To,Seconds,ID\nali,28/02/2026 21:24,0825182159,64,1\nali,28/02/2026 9:04,0825182159,64,2\n"
    looked = client.post(ADDRESS, {"sample": SimpleUploadedFile("b.csv", text.encode())}).content.decode()
    given = filled(looked) | {
        "timezone": "UTC",
        "name": "Minutes",
        "source": str(make_source().pk),
        "sample": text,
    }
    assert (given["date_format"], given["time_format"]) == ("DD/MM/YYYY", "HH:MM")
    seen = client.post(ADDRESS, given).content.decode()
    assert "2026-02-28 21:24:00" in seen
    assert "The start is no date and time" in seen


def test_a_format_is_changed_while_no_file_was_read_and_then_by_a_new_one(client: Client) -> None:
    line = make_line()
    profile = make_profile(line.source, timezone="UTC", strip_prefixes=["9"], skip_records=1)
    drop = CallDrop.objects.create(name="Left", profile=profile)
    rights = (
        "dataaccounts.view_callprofile",
        "dataaccounts.change_callprofile",
        "dataaccounts.view_callfile",
    )
    client.force_login(make_person("Thabo", *rights))
    address = f"/data-accounts/calls/formats/{profile.pk}/"
    assert address in client.get("/setup/call-formats/").content.decode()
    assert 'value="1"' in client.get(address).content.decode()
    text = (
        "The calls of March\nAccount,Begun,From,To,Seconds,Cost,Direction,ID\n"
        "alice,2026-03-02 08:00:00,,0821234567,60,0.10,out,1\n"
    )
    looked = client.post(address, {"sample": SimpleUploadedFile("m.csv", text.encode()), "skip_records": 1})
    given = filled(looked.content.decode())
    told = ("Wholesaler", "UTC", "9", "out", "ID", "HH:MM:SS")
    names = (
        "name", "timezone", "strip_prefixes", "outbound_value", "column_call_id", "time_format"
    )  # fmt: skip
    assert tuple(given[name] for name in names) == told
    assert "source" not in given
    given |= {"sample": text, "column_start": "Begun"}
    assert "2026-03-02 08:00:00" in client.post(address, given).content.decode()
    assert client.post(address, given | {"keep": "1"}).status_code == 302
    profile.refresh_from_db()
    assert (profile.columns["start"], profile.line_match) == ("Begun", ["Account", "From"])

    file = CallFile.objects.create(profile=profile, name="m.csv", digest="", size=0)
    refused = client.post(address, given | {"keep": "1", "column_call_id": ""})
    assert (refused.status_code, "billed twice" in refused.content.decode()) == (422, True)
    given["timezone"] = "Africa/Johannesburg"
    assert client.post(address, given | {"keep": "1"}).status_code == 302
    new = CallProfile.objects.get(name="Wholesaler")
    for row in (drop, file, profile):
        row.refresh_from_db()
    assert (drop.profile, file.profile, new.source) == (new, profile, line.source)
    assert (profile.retired, profile.timezone, profile.name[:17]) == (True, "UTC", "Wholesaler until ")
    assert client.get(address).status_code == 404


def test_the_dialog_of_a_wholesalers_format_asks_its_name_alone(client: Client) -> None:
    profile = make_profile()
    rights = ("dataaccounts.view_callprofile", "dataaccounts.change_callprofile")
    client.force_login(make_person("Thabo", *rights))
    address = f"/setup/call-formats/{profile.pk}/"
    headers = {"HX-Request": "true"}
    assert 'name="timezone"' not in client.get(address, headers=headers).content.decode()
    assert client.post(address, {"name": "Theirs", "kind": "3cx_default"}, headers=headers).status_code == 204
    profile.refresh_from_db()
    assert (profile.name, profile.kind, profile.columns["start"]) == ("Theirs", "mapped", "Start")


def test_what_is_no_table_is_refused_and_dora_stays_out(client: Client) -> None:
    client.force_login(make_person("Thabo", "dataaccounts.add_callprofile"))
    nothing = client.post(ADDRESS, {"sample": SimpleUploadedFile("x.csv", b"just a line\n")})
    assert nothing.status_code == 422
    assert "No heading with columns was found" in nothing.content.decode()
    assert client.post(ADDRESS, {"sample": ""}).status_code == 422
    dirty = b"Acc\x00ount,Start,To,Seconds\nali,2026-02-28 21:24:00,0825182159,64\n"
    looked = client.post(ADDRESS, {"sample": SimpleUploadedFile("d.csv", dirty)}).content.decode()
    given = filled(looked) | {
        "timezone": "UTC",
        "name": "Dirty",
        "source": str(make_source().pk),
        "sample": dirty.decode(),
    }
    assert given["column_account"] == "Account"
    assert client.post(ADDRESS, given | {"keep": "1"}).status_code == 302
    long = b'a,b,c\n"' + b"x" * 150_000 + b'",1,2\n'
    assert client.post(ADDRESS, {"sample": SimpleUploadedFile("l.csv", long)}).status_code == 422
    client.force_login(make_person("Dora"))
    assert client.get(ADDRESS).status_code == 403


def test_a_file_without_a_heading_is_read_by_the_places_of_its_columns(client: Client) -> None:
    make_deck("sell", [("2782", "Mobile", "mobile", "1.20")])
    line = make_line()
    rights = ("dataaccounts.add_callprofile", "dataaccounts.add_callfile", "dataaccounts.view_callfile")
    client.force_login(make_person("Thabo", *rights))
    text = "27871234567,2018-08-02 10:00:00,90821234567,1:30,0.50\n27871234567,2018-08-03 10:00:00,90821234567,2:xx,0.50\n"
    wish = {"sample": SimpleUploadedFile("calls.csv", text.encode()), "skip_records": 0, "bare": "on"}
    looked = client.post(ADDRESS, wish).content.decode()
    assert "3: 90821234567" in looked
    given = filled(looked) | {
        "sample": text,
        "name": "Bare",
        "source": str(line.source_id),
        "date_format": "YYYY-MM-DD",
        "time_format": "HH:MM:SS",
        "timezone": "Africa/Johannesburg",
        "duration_unit": "mm:ss",
        "strip_prefixes": "9",
        "column_account": "1",
        "column_start": "2",
        "column_b_number": "3",
        "column_billsec": "4",
        "column_supplier_cost": "5",
    }
    assert "The length is none" in client.post(ADDRESS, given).content.decode()
    assert client.post(ADDRESS, given | {"keep": "1"}).status_code == 302
    profile = CallProfile.objects.get()
    assert (profile.has_header, profile.strip_prefixes, profile.columns["start"]) == (False, ["9"], "2")
    file = SimpleUploadedFile("calls.csv", text.encode())
    client.post("/data-accounts/calls/new/", {"profile": profile.pk, "file": file})
    runs.work(Run.objects.latest("pk").pk)
    call = Call.objects.get()
    assert (call.called, call.seconds, str(call.price)) == ("27821234567", 90, "1.800000")


def test_a_system_that_tells_of_directions_by_channels_takes_the_pattern_of_those_outside(
    client: Client,
) -> None:
    """Without it every call would stay inside, and nobody be billed."""
    client.force_login(make_person("Sam", "dataaccounts.view_callprofile", "dataaccounts.add_callprofile"))
    wish = {
        "name": "Office",
        "source": make_source().pk,
        "kind": "asterisk_master",
        "encoding": "utf-8",
        "delimiter": ",",
        "timezone": "Africa/Johannesburg",
        "line_match": "accountcode, src",
    }
    refused = client.post("/setup/call-formats/new/", wish, headers={"HX-Request": "true"})
    assert (refused.status_code, "which calls of this kind went out" in refused.content.decode()) == (
        422,
        True,
    )
    wish["trunk_channel_regex"] = "^PJSIP/trunk-"
    assert client.post("/setup/call-formats/new/", wish, headers={"HX-Request": "true"}).status_code == 204
    assert CallProfile.objects.get(name="Office").trunk_channel_regex == "^PJSIP/trunk-"
