"""The screens of voice: lines on the profile, what was called, files of calls, and callers without a line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from billing.services import charging
from dataaccounts.models import Call, CallFile, CallRow, NetworkRules, VoiceLine
from dataaccounts.policies.voice_numbers import line_number, masked, shown
from herotill import events, runs
from herotill.errors import DomainError
from herotill.models import Run
from herotill.months import Month
from tests.factories import make_customer, make_person
from tests.factories.calls import (
    make_call,
    make_deck,
    make_line,
    make_profile,
    make_source,
    make_voice_package,
)

pytestmark = pytest.mark.django_db
HEAD = "Account,Start,From,To,Seconds,Cost,Direction,ID\n"
CARD = "/customers/ALI001/widgets/voip-lines/"


def rows_of(*rows: str) -> BytesIO:
    return BytesIO((HEAD + "".join(f"{row}\n" for row in rows)).encode())


def upload(*rows: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("calls.csv", rows_of(*rows).getvalue())


def given(client: Client, wish: dict[str, Any]) -> Run:
    """Upload a file, and let a worker have it."""
    assert client.post("/data-accounts/calls/new/", wish).status_code == 302
    return worked_off()


def worked_off() -> Run:
    run = Run.objects.latest("pk")
    runs.work(run.pk)
    run.refresh_from_db()
    assert run.state == "done", run.error
    return run


def signed_in(client: Client, *rights: str) -> Client:
    client.force_login(make_person("Thabo", "customers.view_customer", *rights))
    return client


def test_a_line_is_added_activated_suspended_and_ended(client: Client) -> None:
    make_customer("Alice Liddel", "ALI001")
    NetworkRules.objects.update(checks_required=False)
    package, source = make_voice_package("Voice 100"), make_source()
    verbs = ("view", "add", "change", "activate", "suspend", "cancel")
    signed_in(client, *(f"dataaccounts.{verb}_voiceline" for verb in verbs))
    typed = {"number": "087 820 1234", "package": package.pk, "source": source.pk, "channels": 2}
    assert client.post(f"{CARD}add/", typed | {"starts_on": "2018-08-01"}).status_code == 302
    line = VoiceLine.objects.get()
    assert (line.number, line.state, line.channels) == ("27878201234", "waiting", 2)
    again = client.post(f"{CARD}add/", typed | {"starts_on": "2018-09-01"})
    assert again.status_code == 422
    assert "is somebody&#x27;s on these days already" in again.content.decode()
    client.post(f"{CARD}activate/{line.pk}/")
    client.post(f"{CARD}suspend/{line.pk}/", {"reason": "Fraud"})
    line.refresh_from_db()
    assert (line.state, line.state_reason) == ("suspended", "Fraud")
    card = client.get(CARD).content.decode()
    assert "+27878201234" in card
    assert "2 channels" in card
    client.post(f"{CARD}restore/{line.pk}/", {"reason": "Settled"})
    client.post(f"{CARD}cancel/{line.pk}/", {"last_day": "2099-01-31", "reason": "Moves"})
    line.refresh_from_db()
    assert (line.state, line.ends_on) == ("active", date(2099, 1, 31))


def test_dora_sees_no_line_and_no_call(client: Client) -> None:
    make_line()
    signed_in(client)
    for address in (CARD, "/customers/ALI001/widgets/phone-usage/", "/data-accounts/calls/"):
        assert client.get(address).status_code == 403


def test_a_line_is_not_activated_before_identity_is_checked(client: Client) -> None:
    line = make_line(state="waiting")
    NetworkRules.objects.update(checks_required=True)
    signed_in(client, "dataaccounts.view_voiceline", "dataaccounts.activate_voiceline")
    client.post(f"{CARD}activate/{line.pk}/")
    line.refresh_from_db()
    assert line.state == "waiting"


def test_calls_are_drawn_by_month_and_year_as_cost_and_markup(client: Client) -> None:
    line = make_line()
    make_call(line, date(2018, 8, 1), "3.50")
    make_call(line, date(2018, 8, 2), "0.25", destination="Local")
    make_call(line, date(2018, 9, 2), "9.00")
    bob = make_line("27877654321", customer="BOB001")
    make_call(bob, date(2018, 8, 1), "77.00")
    signed_in(client, "dataaccounts.view_call")
    card = "/customers/ALI001/widgets/phone-usage/"
    month = client.get(f"{card}?by=month&month=2018-08").content.decode()
    assert month.count("<polyline") == 4  # wide and narrow
    for said in ("R 2.00</b> call cost", "R 1.75</b> markup", "Markup R 1.75 together", "Local"):
        assert said in month
    year = client.get(f"{card}?by=year&month=2018-08&line={bob.pk}").content.decode()
    assert "R 3.00</b> call cost" in year
    assert "R 77.00" not in year


def test_a_file_is_looked_at_taken_in_and_taken_back(client: Client) -> None:
    make_deck("sell", [("2782", "Mobile", "mobile", "1.20")])
    line = make_line()
    profile = make_profile(line.source)
    row = "27871234567,2018-08-02 10:00:00,27871234567,0821234567,60,0.50,out,{}"
    signed_in(
        client, "dataaccounts.add_callfile", "dataaccounts.view_callfile", "dataaccounts.take_back_callfile"
    )
    profile.line_match = ["Account", "From"]
    profile.save()
    rows = upload(row.format(1), row.format(1), "x")
    look = given(client, {"profile": profile.pk, "only_say": "1", "file": rows})
    looked_at = f"/data-accounts/calls/looked-at/{look.pk}/"
    assert client.get(f"/runs/{look.pk}/").content.decode().count(looked_at) == 1
    assert "What would become of calls.csv" in client.get(looked_at).content.decode()
    assert not CallFile.objects.exists()
    client.post(looked_at)
    worked_off()
    file = CallFile.objects.get()
    assert client.post(looked_at).status_code == 422  # it is no longer kept
    assert (Call.objects.get().price, file.counts["rows"]) == (Decimal("1.20"), 3)
    page = client.get(f"/data-accounts/calls/{file.pk}/").content.decode()
    assert "Another number of columns than the format has" in page
    assert "Known already" in page
    charging.generate(customers=[line.customer_id], month=Month(2018, 8))
    client.post(f"/data-accounts/calls/{file.pk}/take-back/")
    assert Call.objects.count() == 1
    charging.clear(customers=[line.customer_id], month=Month(2018, 8))
    client.post(f"/data-accounts/calls/{file.pk}/take-back/")
    assert not Call.objects.exists()
    assert "calls.csv" in client.get("/data-accounts/calls/").content.decode()


def test_rows_that_came_to_nothing_are_shown_a_page_at_a_time(client: Client) -> None:
    file = CallFile.objects.create(profile=make_profile(), name="calls.csv", digest="", size=0)
    CallRow.objects.bulk_create(
        CallRow(file=file, row=row, source=file.profile.source, outcome="refused", raw=f"row-{row}-")
        for row in range(1, 53)
    )
    signed_in(client, "dataaccounts.view_callfile", "dataaccounts.see_call_numbers")
    address = f"/data-accounts/calls/{file.pk}/"
    shown = [client.get(address, {"after": after}).content.decode() for after in ("", "25", "50", "9" * 18)]
    assert [page.count("row-") for page in shown] == [25, 25, 2, 0]
    assert ['href="?after=25#trouble"' in page for page in shown] == [True, False, False, False]
    assert ['href="?after=50#trouble"' in page for page in shown] == [False, True, False, False]
    assert ["From the first" in page for page in shown] == [False, True, True, True]


def test_somebody_without_a_line_is_linked_and_rated(client: Client) -> None:
    make_deck("sell", [("2782", "Mobile", "mobile", "1.20")])
    line = make_line()
    profile = make_profile(line.source)
    signed_in(
        client, "dataaccounts.add_callfile", "dataaccounts.view_callfile", "dataaccounts.change_voicecaller"
    )
    row = "front-desk,2018-08-02 10:00:00,x,0821234567,60,0.50,out,1"
    given(client, {"profile": profile.pk, "file": upload(row)})
    queue = client.get("/data-accounts/calls/unmatched/").content.decode()
    assert "front-desk" in queue
    assert not Call.objects.exists()
    caller = line.source.callers.get()
    stranger = make_line("27877654321", customer="BOB001", source=make_source("Other"))
    refused = client.post(f"/data-accounts/calls/callers/{caller.pk}/", {"line": stranger.pk})
    assert refused.status_code == 422
    client.post(f"/data-accounts/calls/callers/{caller.pk}/", {"line": line.pk})
    assert Call.objects.get().line_id == line.pk
    assert "Every call has its line" in client.get("/data-accounts/calls/unmatched/").content.decode()


def test_a_number_in_several_ways_of_writing_is_one_row_and_linked_in_all_of_them(client: Client) -> None:
    make_deck("sell", [("2782", "Mobile", "mobile", "1.20")])
    line = make_line()
    profile = make_profile(line.source)
    profile.line_match = ["Account", "From"]
    profile.save()
    signed_in(
        client, "dataaccounts.add_callfile", "dataaccounts.view_callfile", "dataaccounts.change_voicecaller"
    )
    ways = (
        ("desk", "0127135397"),
        ("Desk", "+27 12 713 5397"),
        ("desk", "27127135397"),
        ("desk", "0127135398"),
    )
    rows = [f"{name},2018-08-02 10:00:00,{number},0821234567,60,0.50,out,{number}" for name, number in ways]
    given(client, {"profile": profile.pk, "file": upload(*rows)})
    page = client.get("/data-accounts/calls/unmatched/").content.decode()
    assert page.count("in 3 ways of writing") == 1
    assert page.count("Link…") == 2
    caller = line.source.callers.get(texts=["Desk", "+27 12 713 5397"])
    dialog = client.get(f"/data-accounts/calls/callers/{caller.pk}/").content.decode()
    assert "for all 3 ways" in dialog
    client.post(f"/data-accounts/calls/callers/{caller.pk}/", {"line": line.pk})
    assert Call.objects.filter(line=line).count() == 3
    client.post(f"/data-accounts/calls/callers/{caller.pk}/", {"line": ""})
    assert not Call.objects.exists()


def test_numbers_are_read_as_people_type_them_and_masked() -> None:
    for typed in ("087 820 1234", "+27 87 820-1234", "0027878201234", "27878201234", "(087) 820.1234"):
        assert line_number(typed) == "27878201234"
    for typed in ("", "12", "087 820", "+0878201234", "front-desk"):
        with pytest.raises(DomainError):
            line_number(typed)
    assert shown("27821234567", whole=False) == "+2782123••••"
    assert (masked("112"), shown("10111")) == ("112", "10111")


def test_the_lists_ask_no_more_of_the_database_for_more_rows(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    signed_in(client, "dataaccounts.view_voiceline")
    client.get("/")
    for number in range(20):
        make_line(f"2787{number:07}", customer=f"C{number:02}001"[:6])
    with django_assert_max_num_queries(14):
        page = client.get("/data-accounts/voice/").content.decode()
    assert "+27870000019" in page


def test_a_price_list_gets_versions_from_a_file(client: Client) -> None:
    deck = make_deck("sell", name="Retail", valid_from=date(2018, 1, 1))
    signed_in(client, "dataaccounts.view_deck", "dataaccounts.change_deck")
    address = f"/data-accounts/decks/{deck.pk}/"
    head = (
        "valid_from,kind,prefix,destination,class,connection_fee,rate_per_minute,minimum_seconds,"
        "increment_seconds,free\n"
    )
    rates = (
        "2018-09-01,e164,2782,Mobile,mobile,0,1.20,1,1,0\n2018-10-01,e164,2782,Mobile,mobile,0,1.30,1,1,0\n"
    )
    file = SimpleUploadedFile("rates.csv", (head + rates).encode())
    assert client.post(address, {"file": file}).status_code == 302
    assert [str(one.valid_from) for one in deck.versions.order_by("valid_from")] == [
        "2018-01-01",
        "2018-09-01",
        "2018-10-01",
    ]
    page = client.get(f"{address}?q=27").content.decode()
    assert "1.300000" in page
    wrong = deck.versions.get(valid_from=date(2018, 10, 1))
    assert client.post(f"/data-accounts/decks/versions/{wrong.pk}/delete/").status_code == 302
    assert "1.200000" in client.get(f"{address}?q=27").content.decode()
    assert not deck.versions.filter(pk=wrong.pk).exists()
    later = rates.splitlines(keepends=True)[1]
    client.post(address, {"file": SimpleUploadedFile("rates.csv", (head + later).encode())})
    again = SimpleUploadedFile("rates.csv", (head + rates).encode())
    refused = client.post(address, {"file": again})
    assert refused.status_code == 422
    assert "has a version from 2018-09-01 already" in refused.content.decode()
    undated = SimpleUploadedFile("rates.csv", (head + rates.replace("2018-10-01", "")).encode())
    assert "does not say from when" in client.post(address, {"file": undated}).content.decode()
    client.force_login(make_person("Dora", "dataaccounts.view_deck"))
    mine = deck.versions.earliest("valid_from")
    assert client.post(f"/data-accounts/decks/versions/{mine.pk}/delete/").status_code == 403
    assert "Add a version" not in client.get(address).content.decode()


def test_lines_are_suspended_with_their_customer_and_come_back_unless_somebody_else_did_it() -> None:
    line, by_hand = make_line(), make_line("27877654321", state="suspended", state_reason="Fraud")
    bob = make_line("27870000001", customer="BOB001")
    about = {"customer_id": line.customer_id, "subject_kind": "suspensioncase", "subject_id": 1}

    def states() -> list[str]:
        events.hand_out(timezone.now())
        return [VoiceLine.objects.get(pk=one.pk).state for one in (line, by_hand, bob)]

    events.record(kind="customer.suspended", key="down-1", **about)
    assert states() == ["suspended", "suspended", "active"]
    events.record(kind="customer.restored", key="up-1", **about)
    assert states() == ["active", "suspended", "active"]
