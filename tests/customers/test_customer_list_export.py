"""The list as a file: what it shows and no more, harmless in a spreadsheet, and on record."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from customers.models import CustomerGroup, Label
from herotill import runs
from herotill.lists import Column, cells, export, files, lists
from herotill.models import Export, Run
from herotill.users.models import User
from tests.customers.test_customer_list import SEES, URL
from tests.factories import make_customer, make_person
from tests.factories.billing import make_owe

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(client: Client) -> User:
    person = make_person("Alice", *SEES, "customers.export_customers")
    client.force_login(person)
    return person


def take(client: Client, file_format: str = "csv", query: str = "all=1", **chosen: Any) -> Any:
    return client.post(f"{URL}list/export/?{query}", {"format": file_format, **chosen})


def rows_of(response: Any) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def book_of(response: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active


def columns(client: Client, *names: str) -> None:
    client.post(f"{URL}list/columns/?all=1", {"order": names, "columns": names})


def test_csv_holds_the_rows_columns_and_order_of_the_list(client: Client, alice: User) -> None:
    bob = make_customer("Bob Bubble", "BOB001", contact={"phone": "+27821234567", "email": "bob@example.com"})
    bob.labels.add(Label.objects.create(name="Green"), Label.objects.create(name="Blue"))
    make_owe(bob, "-200.00")
    make_customer("Élise Zola", "ELI001", contact={"phone": "+27837654321"})
    make_customer("Carol Carter", "CAR001", status="suspended")
    columns(client, "name", "code", "phone", "balance", "labels", "status")
    assert rows_of(take(client, query="status=active&sort=-name")) == [
        ["Name", "Account code", "Phone", "Balance", "Labels", "Status"],
        ["Élise Zola", "ELI001", "083 765 4321", "0.00", "", "Active"],
        ["Bob Bubble", "BOB001", "082 123 4567", "-200.00", "Blue, Green", "Active"],
    ]


def test_xlsx_holds_amounts_and_dates_as_such(client: Client, alice: User) -> None:
    bob = make_customer("Bob Bubble", "BOB001", customer_since="2024-02-29")
    make_owe(bob, "18597.00")
    columns(client, "name", "customer_since", "balance")
    sheet = book_of(take(client, "xlsx"))
    assert [cell.value for cell in sheet[1]] == ["Name", "Customer since", "Balance"]
    name, since, balance = sheet[2]
    assert (name.value, since.value.date(), balance.value) == ("Bob Bubble", date(2024, 2, 29), 18597)
    assert "#,##0.00" in balance.number_format


@pytest.mark.parametrize(
    "nasty", ['=HYPERLINK("http://x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", " =1+1", "＝1+1"]
)
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_s22_nothing_that_leaves_runs_as_a_formula(
    client: Client, alice: User, nasty: str, file_format: str
) -> None:
    group = CustomerGroup.objects.create(name=nasty)
    label = Label.objects.create(name=nasty)
    make_customer(nasty, "BAD001", kind="company", group=group, contact={"name": "Bob"}).labels.add(label)
    columns(client, "name", "group", "labels")
    response = take(client, file_format)
    found = rows_of(response)[1] if file_format == "csv" else [cell.value for cell in book_of(response)[2]]
    assert found == [f"'{nasty} (Bob)", f"'{nasty}", f"'{nasty}"]


def test_s22_a_download_is_an_attachment_that_a_browser_neither_runs_nor_guesses_at(
    client: Client, alice: User
) -> None:
    make_customer("Bob Bubble")
    for file_format in ("csv", "xlsx"):
        response = take(client, file_format)
        assert response.headers["Content-Disposition"].startswith("attachment;")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"].startswith("sandbox")
        assert "no-store" in response.headers["Cache-Control"]
        assert b"".join(response.streaming_content)


def test_s22_many_rows_need_a_right_and_every_export_is_on_record(
    client: Client, alice: User, settings: Any
) -> None:
    settings.EXPORT_ROWS_WITHOUT_RIGHT = 2
    for n in range(3):
        make_customer(f"Person Number{n}", f"PER00{n}")
    sipho = make_person("Sipho", "customers.view_customer")
    desk = Client()
    desk.force_login(sipho)
    refused = desk.post(f"{URL}list/export/?all=1", {"format": "csv"}, follow=True)
    assert "To export more than 2 rows you need a right" in refused.content.decode()
    assert not Export.objects.exists()
    assert len(rows_of(take(desk, query="q=PER001"))) == 2
    assert len(rows_of(take(client, query="all=1&sort=-name"))) == 4
    few, many = Export.objects.order_by("pk")
    assert (few.person, few.query, few.rows, few.list_name) == (sipho, "q=PER001", 1, "customers")
    assert (many.person, many.query, many.rows, many.file_format) == (alice, "sort=-name", 3, "csv")
    assert "name" in many.columns


def test_s22_what_is_masked_on_the_list_is_masked_in_the_file(client: Client, alice: User) -> None:
    bob = make_customer("Bob Bubble", "BOB001", id_number="8001015009087")
    masked = Column(
        name="masked",
        heading="ID number",
        cell=cells.TEXT,
        fields=("id_number",),
        value=lambda row: f"•••• {row['id_number'][-4:]}",
        order=900,
    )
    listing = lists["customers"]
    listing.columns.register(masked)
    try:
        columns(client, "code", "masked")
        assert rows_of(take(client))[1] == ["BOB001", "•••• 9087"]
    finally:
        listing.columns.unregister("masked")
    assert bob.id_number == "8001015009087"


def test_without_the_right_no_balance_leaves(client: Client) -> None:
    client.force_login(make_person("Sipho", "customers.view_customer"))
    make_customer("Bob Bubble")
    columns(client, "name", "balance")
    assert rows_of(take(client))[0] == ["Name"]


def test_chosen_rows_alone_are_exported_and_recorded(client: Client, alice: User) -> None:
    bob, carol = make_customer("Bob Bubble", "BOB001"), make_customer("Carol Carter", "CAR001")
    make_customer("Alice Liddel", "ALI001")
    columns(client, "code")
    assert rows_of(take(client, ids=[bob.pk, carol.pk])) == [["Account code"], ["BOB001"], ["CAR001"]]
    assert Export.objects.get().chosen == [bob.pk, carol.pk]
    assert len(rows_of(take(client, ids=[bob.pk], matching="on"))) == 4


def test_an_export_is_asked_for_by_a_button_and_in_a_known_format(client: Client, alice: User) -> None:
    assert client.get(f"{URL}list/export/").status_code == 405
    assert take(client, "exe").status_code == 404


def test_rows_come_in_chunks_and_none_twice(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "CHUNK", 3)
    for n in range(10):
        make_customer(f"Person Number{n}", f"PER00{n}")
    columns(client, "code")
    assert rows_of(take(client))[1:] == [[f"PER00{n}"] for n in range(10)]


def large(client: Client, monkeypatch: pytest.MonkeyPatch, file_format: str = "csv") -> Run:
    """Ask for an export that is too large to wait for, and have it done."""
    monkeypatch.setattr(files, "LARGE", 2)
    for n in range(3):
        make_customer(f"Person Number{n}", f"PER00{n}")
    columns(client, "code")
    sent = take(client, file_format, query="sort=-code")
    run = Run.objects.get()
    assert sent.headers["Location"] == f"/runs/{run.pk}/"
    runs.work(run.pk)
    run.refresh_from_db()
    return run


def test_a_large_export_is_a_run_that_leaves_a_file_for_the_person_alone(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = large(client, monkeypatch)
    assert (run.state, run.done, run.total) == (Run.State.DONE, 3, 3)
    url = files.result_url(run)
    response = client.get(url)
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert rows_of(response) == [["Account code"], ["PER002"], ["PER001"], ["PER000"]]
    desk = Client()
    desk.force_login(make_person("Naledi", *SEES, "customers.export_customers"))
    assert desk.get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_a_large_workbook_is_written_by_a_run_too(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = large(client, monkeypatch, "xlsx")
    sheet = book_of(client.get(files.result_url(run)))
    assert [row[0].value for row in sheet.rows] == ["Account code", "PER002", "PER001", "PER000"]


def test_whoever_lost_the_right_meanwhile_gets_no_file(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGE", 0)
    make_customer("Bob Bubble")
    take(client)
    alice.groups.clear()
    run = Run.objects.get()
    runs.work(run.pk)
    run.refresh_from_db()
    assert run.state == Run.State.FAILED
    assert "no longer open" in run.error
    assert not Export.objects.get().file


@pytest.mark.parametrize("gone", ["the list", "a column", "so many rows"])
def test_whoever_lost_a_right_since_gets_the_file_no_more(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch, settings: Any, gone: str
) -> None:
    url = files.result_url(large(client, monkeypatch))
    assert len(rows_of(client.get(url))) == 4
    if gone == "the list":
        alice.groups.clear()
    if gone == "a column":
        Export.objects.update(columns=["code", "one that she may not see"])
    if gone == "so many rows":
        settings.EXPORT_ROWS_WITHOUT_RIGHT = 2
        alice.groups.get().permissions.remove(Permission.objects.get(codename="export_customers"))
    assert client.get(url).status_code in (403, 404)


def test_old_files_are_deleted_and_the_record_stays(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = large(client, monkeypatch)
    name = Export.objects.get().file.name
    now = timezone.now()
    assert files.clear(now) == ""
    assert files.clear(now + timedelta(days=4)) == "Deleted 1 files."
    assert not default_storage.exists(name)
    assert Export.objects.get().rows == 3
    assert client.get(files.result_url(run)).status_code == 404
