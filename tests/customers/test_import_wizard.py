"""Naledi takes a file through the wizard: upload, mapping, dry run, import, refused records."""

from __future__ import annotations

import csv
import io
import random
import re
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from customers.models import Customer, OpeningBalance
from herotill.errors import DomainError
from herotill.imports import steps
from herotill.models import Import, ImportPreset, ImportRow, Run
from herotill.users.models import User
from tests.acceptance.records import HEADINGS
from tests.customers.importing.files import company, person
from tests.customers.importing.stories import Commits, applied, dry, fresh, importer, upload
from tests.factories import make_customer

pytestmark = pytest.mark.django_db

HOME = "/customers/import/"
ALICE = person("Liddel, Alice", code="ALI001", email="alice@example.com")
BOB = person("Lidd, Bob", code="BOB001", email="bob@example.com", balance="R 120.50")
NO_MAIL = person("Petersen, Carol", code="CAR001", email="", notes="=1+1")


@pytest.fixture
def naledi() -> User:
    return importer()


@pytest.fixture
def desk(naledi: User) -> Client:
    client = Client()
    client.force_login(naledi)
    return client


@pytest.fixture
def commits(django_capture_on_commit_callbacks: Any) -> Any:
    return django_capture_on_commit_callbacks


def sent(desk: Client, file: SimpleUploadedFile) -> Import:
    answer = desk.post(HOME, {"file": file})
    batch = Import.objects.latest("pk")
    assert answer.headers["Location"] == f"{HOME}{batch.pk}/map/"
    return batch


def offered(page: str) -> dict[str, str]:
    """What the mapping's page proposes for each column."""
    chosen = {}
    for name, options in re.findall(r'<select name="(column-\d+)".*?>(.*?)</select>', page, re.DOTALL):
        found = re.search(r'value="([^"]*)"\s+selected', options)
        chosen[name] = found[1] if found else ""
    return chosen


def mapped(desk: Client, batch: Import, commits: Commits, **more: str) -> Any:
    page = desk.get(f"{HOME}{batch.pk}/map/").content.decode()
    with commits(execute=True):
        return desk.post(f"{HOME}{batch.pk}/map/", {**offered(page), "day": "2018-04-01", **more})


def test_a_file_goes_all_the_way(desk: Client, commits: Commits) -> None:
    batch = sent(desk, upload(ALICE, BOB, NO_MAIL))
    mapped(desk, batch, commits)

    page = desk.get(f"{HOME}{batch.pk}/").content.decode()
    assert "Import 2 records" in page
    assert "R 120.50" in page
    assert "It has no email address." in page
    assert not Customer.objects.exists()

    with commits(execute=True):
        desk.post(f"{HOME}{batch.pk}/apply/")
    page = desk.get(f"{HOME}{batch.pk}/").content.decode()
    assert '<a href="/customers/ALI001/">' in page
    assert {one.code for one in Customer.objects.all()} == {"ALI001", "BOB001"}
    opening = OpeningBalance.objects.get()
    assert (str(opening.amount), str(opening.as_at), opening.source) == (
        "120.50",
        "2018-04-01",
        "old system.csv",
    )

    history = desk.get(HOME).content.decode()
    assert "2 created, 0 updated, 1 refused, 0 skipped" in history
    assert "Naledi" in history


def test_the_refused_come_back_as_they_were_with_a_reason_and_no_formula(
    desk: Client, commits: Commits
) -> None:
    batch = sent(desk, upload(ALICE, NO_MAIL))
    mapped(desk, batch, commits)

    answer = desk.get(f"{HOME}{batch.pk}/refused/")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="refused-old system.csv"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    (line,) = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    assert line["Reason"] == "missing_email: It has no email address."
    assert line["Surname, Names"] == "Petersen, Carol"
    assert line["Notes"] == "'=1+1"


def test_refused_records_that_were_mended_come_in_by_themselves(desk: Client, commits: Commits) -> None:
    batch = sent(desk, upload(NO_MAIL))
    mapped(desk, batch, commits)
    file = b"".join(desk.get(f"{HOME}{batch.pk}/refused/").streaming_content)

    mended = file.replace(b"082 000 1234,,", b"082 000 1234,,carol@example.com", 1)
    again = sent(desk, SimpleUploadedFile("mended.csv", mended))
    mapped(desk, again, commits)

    assert fresh(again).totals["outcome"] == {"create": 1}


def test_a_workbook_is_read_like_a_text_file(desk: Client, commits: Commits) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(HEADINGS)
    sheet.append([ALICE.get(heading.strip(), "") for heading in HEADINGS])
    file = io.BytesIO()
    book.save(file)

    batch = sent(desk, SimpleUploadedFile("old.xlsx", file.getvalue()))
    mapped(desk, batch, commits)

    assert fresh(batch).totals["outcome"] == {"create": 1}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\n\n", "must hold the headings"),
        (b"\xd0\xcf\x11\xe0old", "Save it as XLSX or CSV"),
        (b"PK\x03\x04nothing", "This is not an XLSX workbook."),
        (b"a;b\n" + b"x" * 25_000_001, "larger than 25 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(desk: Client, data: bytes, sentence: str) -> None:
    answer = desk.post(HOME, {"file": SimpleUploadedFile("old.csv", data)})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Import.objects.exists()


def test_a_file_that_breaks_off_says_so_after_the_dry_run(desk: Client, commits: Commits) -> None:
    data = upload(ALICE).read() + b'BOB001;"never closed ' + b"x\n" * 100_000
    batch = sent(desk, SimpleUploadedFile("broken.csv", data))
    mapped(desk, batch, commits)

    assert fresh(batch).state == Import.State.FAILED
    assert "quotation mark is never closed" in desk.get(f"{HOME}{batch.pk}/").content.decode()


def test_a_mapping_is_remembered_for_the_same_headings_and_under_a_name(
    desk: Client, commits: Commits
) -> None:
    strange = b"Klant;Naam;Sel;Pos\nALI001;Liddel, Alice;0820001234;alice@example.com\n"
    batch = sent(desk, SimpleUploadedFile("klante.csv", strange))
    assert set(offered(desk.get(f"{HOME}{batch.pk}/map/").content.decode()).values()) == {""}
    means = dict(zip([f"column-{n}" for n in range(4)], ["code", "person", "cell", "emails"], strict=True))
    with commits(execute=True):
        desk.post(f"{HOME}{batch.pk}/map/", {**means, "day": "2018-04-01", "name": "Klante"})
    assert fresh(batch).totals["outcome"] == {"create": 1}

    again = sent(desk, SimpleUploadedFile("nog.csv", strange))
    assert offered(desk.get(f"{HOME}{again.pk}/map/").content.decode()) == means

    wider = sent(desk, SimpleUploadedFile("meer.csv", b"Stad;" + strange.replace(b"\n", b"\nHowick;", 1)))
    page = desk.get(f"{HOME}{wider.pk}/map/").content.decode()
    assert offered(page)["column-1"] == "code"
    assert "Klante" in page
    mine = ImportPreset.objects.get()
    desk.post(f"{HOME}mappings/{mine.pk}/delete/")
    assert not ImportPreset.objects.exists()


def test_a_mapping_that_does_not_fit_is_said_in_the_form(desk: Client, commits: Commits) -> None:
    batch = sent(desk, upload(ALICE))
    twice = {"column-0": "code", "column-1": "code", "day": "2018-04-01"}
    answer = desk.post(f"{HOME}{batch.pk}/map/", twice)
    assert answer.status_code == 422
    assert "Two columns are mapped to: code." in answer.content.decode()
    answer = desk.post(f"{HOME}{batch.pk}/map/", {"day": "2018-04-01"})
    assert "Say of at least one column what it means." in answer.content.decode()


def test_the_report_is_narrowed_and_turned_page_by_page(desk: Client, naledi: User, commits: Commits) -> None:
    many = [person(f"Nobody, N{n}", code=f"NOB{n:03d}", email="") for n in range(60)]
    batch = dry(naledi, commits, *many, ALICE, BOB)
    show = f"{HOME}{batch.pk}/"

    def lines(query: str) -> list[int]:
        page = desk.get(f"{show}?{query}").content.decode()
        return [int(line) for line in re.findall(r'<td class="num id">(\d+)</td>', page)]

    assert lines("outcome=refuse") == list(range(2, 52))
    assert lines("outcome=refuse&after=51") == list(range(52, 62))
    assert lines("outcome=refuse&before=52") == list(range(2, 52))
    assert lines("reason=missing_email&after=60") == [61]
    assert lines("outcome=create") == [62, 63]
    assert lines("warning=status_assumed") == []


def test_a_report_costs_the_same_however_long_it_is(
    desk: Client, naledi: User, commits: Commits, django_assert_max_num_queries: Any
) -> None:
    few = dry(naledi, commits, ALICE)
    many = dry(naledi, commits, *[person(f"Nobody, N{n}", code=f"NOB{n:03d}") for n in range(200)])
    desk.get(f"{HOME}{few.pk}/")
    for batch in (few, many):
        with django_assert_max_num_queries(12):
            desk.get(f"{HOME}{batch.pk}/")
    with django_assert_max_num_queries(12):
        desk.get(HOME)


def test_two_presses_import_once(desk: Client, naledi: User, commits: Commits) -> None:
    batch = dry(naledi, commits, ALICE)
    with commits(execute=True):
        desk.post(f"{HOME}{batch.pk}/apply/")
        desk.post(f"{HOME}{batch.pk}/apply/")
    assert Run.objects.filter(kind="customers-import").count() == 1
    desk.post(f"{HOME}{batch.pk}/apply/")
    assert Run.objects.filter(kind="customers-import").count() == 1
    assert Customer.objects.count() == 1


def test_what_the_dry_run_did_not_show_is_not_done(naledi: User, commits: Commits) -> None:
    batch = dry(naledi, commits, ALICE)
    make_customer("Somebody Else", "ALI001")

    with commits(execute=True):
        steps.apply(pk=batch.pk, actor=naledi)

    batch = fresh(batch)
    assert batch.run is not None
    assert batch.run.state == Run.State.FAILED
    assert "Do the dry run again" in batch.run.error
    assert batch.standing == Import.State.DRY
    assert Customer.objects.count() == 1
    with commits(execute=True):
        steps.dry_run(pk=batch.pk, actor=naledi)
    assert fresh(batch).totals["reason"] == {"duplicate_code": 1}


def test_steps_out_of_turn_are_refused(naledi: User, commits: Commits) -> None:
    batch = applied(naledi, commits, ALICE)
    with pytest.raises(DomainError, match="imported already"):
        steps.choose(pk=batch.pk, mapping={"Cust No": "code"}, day=None, actor=naledi)
    with pytest.raises(DomainError, match="imported already"):
        steps.discard(pk=batch.pk)
    other = dry(naledi, commits, BOB)
    with pytest.raises(DomainError, match="has not been imported"):
        steps.roll_back(pk=other.pk, actor=naledi)


def test_a_file_sent_by_mistake_is_deleted_with_its_report(
    desk: Client, naledi: User, commits: Commits
) -> None:
    batch = dry(naledi, commits, ALICE)
    storage, name = batch.file.storage, batch.file.name
    with commits(execute=True):
        desk.post(f"{HOME}{batch.pk}/discard/")
    assert not Import.objects.exists()
    assert not ImportRow.objects.exists()
    assert not storage.exists(name)


def test_the_roll_back_shows_what_it_will_do_and_asks_for_a_word(
    desk: Client, naledi: User, commits: Commits
) -> None:
    batch = applied(naledi, commits, ALICE, BOB)
    Customer.objects.filter(code="ALI001").update(vat_number="4012345678")
    address = f"{HOME}{batch.pk}/roll-back/"

    page = desk.get(address).content.decode()
    assert "It has been changed since." in page
    assert desk.post(address, {"word": "yes"}).status_code == 422
    assert fresh(batch).state == Import.State.APPLIED

    with commits(execute=True):
        desk.post(address, {"word": "Roll back"})
    assert [one.code for one in Customer.objects.all()] == ["ALI001"]
    page = desk.get(f"{HOME}{batch.pk}/?kept=1").content.decode()
    assert "ALI001" in page
    assert "BOB001" not in page


def test_a_cell_may_hold_anything(naledi: User, commits: Commits) -> None:
    wild = ALICE | {"Notes": "{{ 7*7 }} <img src=http://x.example> a\tb\r\nc \x00 end", "Trading As": ""}
    batch = applied(naledi, commits, wild, company("A" * 201, code="TOO001"))
    assert Customer.objects.get().notes.get().text == "{{ 7*7 }} <img src=http://x.example> a b\nc end"
    assert "\0" not in "".join(ImportRow.objects.get(of=batch, line=2).cells)


@pytest.mark.parametrize("heading", ["ID/Reg No", "Colour tag", "Cat"])
def test_an_endless_cell_refuses_its_row_and_no_other(heading: str, commits: Any) -> None:
    endless = "".join(random.Random(heading).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=9000))
    wrong = person("Hatter, Bob", code="BOB001") | {heading: endless}
    batch = applied(importer(), commits, person("Liddel, Alice", code="ALI001"), wrong)
    assert batch.totals["reason"] == {"too_long_cell": 1}
    assert list(Customer.objects.values_list("code", flat=True)) == ["ALI001"]
