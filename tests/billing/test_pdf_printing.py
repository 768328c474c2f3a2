"""Prints of issued documents: owed until stored, stored once, and the same for ever after."""

from __future__ import annotations

import hashlib
import io
import random
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from pypdf import PdfReader

from billing.models import Document, DocumentKind, Line, Snapshot
from billing.pdf import documents
from billing.prints import attached, stored
from billing.services import batching, issuing, printing, receipts
from customers.models import Address, Customer
from herotill import jobs, runs
from herotill.errors import DomainError
from herotill.models import Run
from herotill.reference.models import Company, VendorStatus
from tests.billing.sheets import words
from tests.factories import make_customer
from tests.factories.banking import printed_account
from tests.factories.billing import NOW, make_draft, make_invoice, make_receipt
from tests.factories.people import client_of, make_person
from tests.house.workers import Workers, workers

pytestmark = pytest.mark.django_db
SEES = ("customers.view_customer", "billing.view_document")


@pytest.fixture
def karoo(db: None) -> Company:
    """Who bills: a vendor with a bank account."""
    company = Company.objects.get_or_create(only=True)[0]
    company.name, company.address_line1, company.city = (
        "Karoo Net (Pty) Ltd",
        "14 Loop Street",
        "Graaff-Reinet",
    )
    company.save()
    VendorStatus.objects.create(starts_on=date(2011, 1, 1), is_vendor=True, vat_number="4123456789")
    printed_account("FNB", bank="FNB", number="62001234567", branch_code="250655")
    return company


@pytest.fixture
def alice(karoo: Company) -> Customer:
    alice = make_customer("Alice Liddel", "ALI001")
    Address.objects.create(customer=alice, kind="postal", lines="3 Wonderland Way", town="Graaff-Reinet")
    return alice


def snapshot_of(document: Document) -> Snapshot:
    return Snapshot.objects.get(document=document, version=1)


def file_of(document: Document) -> bytes:
    with default_storage.open(snapshot_of(document).file, "rb") as file:
        return bytes(file.read())


def test_s12_the_original_is_made_once_and_read_back_byte_by_byte(alice: Customer):
    invoice = make_invoice(alice)
    assert snapshot_of(invoice).sha256 == ""
    assert printing.carry_out(NOW) == "Printed 1 documents."

    kept, content = snapshot_of(invoice), file_of(invoice)
    assert hashlib.sha256(content).hexdigest() == kept.sha256
    assert (len(content), kept.printed_at is not None) == (kept.size, True)
    [page] = words(content)
    for said in (
        "Tax Invoice",
        "INV00001",
        "Alice Liddel",
        "3 Wonderland Way",
        "Karoo Net (Pty) Ltd",
        "4123456789",
        "62001234567",
        "394.78",
        "R 454.00",
        "Your account as at 2018-08-22",
    ):
        assert said in page

    Customer.objects.filter(pk=alice.pk).update(name="Alice Hargreaves")
    Company.objects.update(name="Karoo Net Two")
    assert printing.carry_out(NOW) == ""
    assert printing.original(snapshot_of(invoice)) == content
    assert snapshot_of(invoice) == kept


def test_s12_a_copy_shows_what_the_original_showed_and_says_copy(alice: Customer):
    invoice = make_invoice(alice)
    printing.carry_out(NOW)
    original = words(file_of(invoice))[0]
    Customer.objects.filter(pk=alice.pk).update(name="Alice Hargreaves")
    Company.objects.update(name="Karoo Net Two")

    copy = words(printing.copy(snapshot_of(invoice)))[0]
    assert "COPY" in copy
    assert sorted(copy.replace("COPY", "").split()) == sorted(original.split())


def test_s12_the_database_refuses_a_second_print(alice: Customer):
    invoice = make_invoice(alice)
    printing.carry_out(NOW)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE billing_snapshot SET sha256 = 'x' WHERE document_id = %s", [invoice.pk])


def test_s12_a_corrected_version_is_a_print_of_its_own(alice: Customer):
    invoice = make_invoice(alice)
    first = snapshot_of(invoice)
    made = Snapshot.objects.create(
        document=invoice,
        version=2,
        letterhead=first.letterhead,
        bill_to="Alice Hargreaves",
        code="ALI001",
        vat_number="4987654321",
        ageing=first.ageing,
        reason="She married.",
    )
    printing.carry_out(NOW)
    made.refresh_from_db()
    page = words(printing.original(made))[0]
    for said in (
        "CORRECTED",
        "INV00001",
        "Alice Hargreaves",
        "VAT number 4987654321",
        "She married.",
        "R 454.00",
    ):
        assert said in page
    assert "Alice Liddel" in words(file_of(invoice))[0]
    assert attached(invoice.pk).content == printing.original(made)
    assert attached(invoice.pk).filename == "INV00001-ALI001-v2.pdf"


def test_s14_the_masters_invoice_keeps_the_names_of_its_subs(karoo: Company):
    master, sub = make_customer("Wonderland (Pty) Ltd", "WON001"), make_customer("Alice Liddel", "ALI001")
    draft = make_draft(master)
    Line.objects.filter(document=draft).update(for_customer=sub)
    issuing.issue(documents=[draft.pk], actor=None, now=NOW)
    Customer.objects.filter(pk=sub.pk).update(name="Somebody else")
    printing.carry_out(NOW)
    page = words(file_of(draft))[0]
    assert "ALI001 Alice Liddel" in page
    assert "Subtotal ALI001 Alice Liddel" in page


def test_a_credit_note_names_its_invoice(alice: Customer):
    invoice = make_invoice(alice)
    note = make_invoice(alice, "100.00", kind=DocumentKind.CREDIT_NOTE, against=invoice)
    printing.carry_out(NOW)
    assert "INV00001 of 2018-08-21" in words(file_of(note))[0]


def test_before_the_vat_number_there_is_no_vat_on_paper(karoo: Company):
    VendorStatus.objects.create(starts_on=date(2012, 1, 1), is_vendor=False)
    bob = make_customer("Bob Hatter", "BOB001")
    invoice = make_invoice(bob, rate="0")
    printing.carry_out(NOW)
    assert "Tax Invoice" not in words(file_of(invoice))[0]


def test_history_and_drafts_are_owed_no_print(alice: Customer):
    make_draft(alice)
    assert printing.carry_out(NOW) == ""


def test_a_file_that_was_changed_is_never_handed_out(alice: Customer):
    invoice = make_invoice(alice)
    printing.carry_out(NOW)
    path = Path(default_storage.path(snapshot_of(invoice).file))
    assert path.stat().st_mode & 0o077 == 0
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(DomainError, match="no longer what was stored"):
        printing.original(snapshot_of(invoice))
    path.unlink()
    with pytest.raises(DomainError, match="missing"):
        printing.original(snapshot_of(invoice))


def test_one_that_cannot_be_printed_holds_up_nobody(alice: Customer, monkeypatch: pytest.MonkeyPatch):
    bad, good = make_invoice(alice), make_invoice(alice)
    render = documents.render

    def broken(sheet):
        if sheet.name == bad.name:
            raise ValueError("no")
        return render(sheet)

    monkeypatch.setattr(documents, "render", broken)
    monkeypatch.setattr(printing, "AT_ONCE", 1)
    assert printing.carry_out(NOW) == "Printed 1 documents. 1 could not be printed; the log tells why."
    assert (snapshot_of(bad).sha256, snapshot_of(good).sha256 != "") == ("", True)

    monkeypatch.undo()
    assert printing.carry_out(NOW) == "Printed 1 documents."
    assert printing.original(snapshot_of(bad)).startswith(b"%PDF")


def test_a_batch_takes_few_questions_however_many_documents(alice: Customer, django_assert_max_num_queries):
    for _ in range(12):
        make_invoice(alice)
    printing.print_some()
    for _ in range(30):
        make_invoice(alice)
    with django_assert_max_num_queries(7):
        assert printing.print_some().printed == 30


def test_a_mail_waits_until_its_document_is_stored(alice: Customer):
    invoice = make_invoice(alice)
    assert stored([invoice.pk]) == set()
    printing.carry_out(NOW)
    assert stored([invoice.pk]) == {invoice.pk}
    file = attached(invoice.pk)
    assert (file.filename, file.content_type) == ("INV00001-ALI001.pdf", "application/pdf")
    assert file.content == file_of(invoice)


def test_s22_downloads_are_attachments_for_those_who_may(alice: Customer):
    invoice = make_invoice(alice)
    address = f"/billing/documents/{invoice.pk}/print/1/"
    naledi, dora = client_of(make_person("Naledi", *SEES)), client_of(make_person("Dora"))
    early = naledi.get(address)
    assert early.status_code == 503
    assert b"Try again in a minute" in early.content

    printing.carry_out(NOW)
    for path, name in ((address, "INV00001-ALI001.pdf"), (f"{address}copy/", "Copy-INV00001-ALI001.pdf")):
        answer = naledi.get(path)
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
        assert dora.get(path).status_code == 403
        assert naledi.post(path).status_code == 405
    assert naledi.get(address).content == file_of(invoice)
    assert "COPY" in words(naledi.get(f"{address}copy/").content)[0]
    assert naledi.get(f"/billing/documents/{invoice.pk}/print/7/").status_code == 404
    assert naledi.get(f"/billing/documents/{make_draft(alice).pk}/print/1/").status_code == 404


def ask(person, form: str, **chosen) -> Run:
    run = batching.begin(form=form, actor=person, **chosen)
    runs.work(run.pk)
    run.refresh_from_db()
    assert run.error == ""
    return run


def test_many_originals_come_in_a_zip(alice: Customer):
    boss = make_person("Boss", *SEES, "billing.export_documents")
    made = [make_invoice(alice), make_invoice(make_customer("Bob", "BOB001"))]
    draft = make_draft(alice)
    run = ask(boss, "zip", documents=[one.pk for one in made] + [draft.pk])
    assert (run.state, run.title, run.done) == (Run.State.DONE, "2 documents: the originals in a ZIP", 2)

    answer = client_of(boss).get(batching.result_url(run))
    pack = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert pack.namelist() == ["INV00001-ALI001.pdf", "INV00002-BOB001.pdf"]
    assert [pack.read(name) for name in pack.namelist()] == [file_of(one) for one in made]
    assert client_of(make_person("Dora", *SEES)).get(batching.result_url(run)).status_code == 403

    assert batching.clear(run.finished_at + timedelta(days=4)) == "Deleted 1 files."
    assert client_of(boss).get(batching.result_url(run)).status_code == 404


def test_copies_of_a_month_come_in_one_pdf_or_in_parts(alice: Customer, monkeypatch: pytest.MonkeyPatch):
    boss = make_person("Boss")
    august = [make_invoice(alice) for _ in range(5)]
    make_invoice(alice, day=date(2018, 9, 1))
    month = {"kind": "invoice", "first": "2018-08-01", "last": "2018-08-31"}
    with default_storage.open(batching.kept(ask(boss, "pdf", **month))) as file:
        pages = words(file.read())
    assert [one.name in page and "COPY" in page for one, page in zip(august, pages, strict=True)] == [
        True
    ] * 5

    monkeypatch.setattr(batching, "A_PDF", 2)
    monkeypatch.setattr(batching, "AT_ONCE", 2)
    with default_storage.open(batching.kept(ask(boss, "pdf", **month))) as file:
        pack = zipfile.ZipFile(io.BytesIO(file.read()))
    counts = [len(PdfReader(io.BytesIO(pack.read(name))).pages) for name in pack.namelist()]
    assert counts == [2, 2, 1]


def test_documents_of_a_run_are_chosen_by_it(alice: Customer):
    mine, _ = make_draft(alice), make_invoice(alice)
    Document.objects.filter(pk=mine.pk).update(run_id=77)
    issuing.issue(documents=[mine.pk], actor=None, now=NOW)
    assert ask(make_person("Boss"), "zip", run_id=77).done == 1
    with pytest.raises(DomainError, match="nothing to print"):
        batching.begin(form="zip", actor=make_person("Carol"), run_id=78)


def test_the_screen_begins_the_run_and_says_no_in_words(alice: Customer):
    make_invoice(alice)
    boss = client_of(make_person("Boss", *SEES, "billing.export_documents", "house.view_run"))
    days = {"first": "2018-08-01", "last": "2018-08-31", "form": "zip", "kind": "invoice"}
    answer = boss.post("/billing/documents/many/", days)
    assert answer.headers["Location"] == f"/runs/{Run.objects.get().pk}/"
    for wrong, told in (
        ({"last": "2018-07-31"}, "This is before the first day."),
        ({"kind": "write_off"}, "There is nothing to print"),
    ):
        answer = boss.post("/billing/documents/many/", days | wrong)
        assert answer.status_code == 422
        assert told in answer.content.decode()
        assert 'value="2018-08-01"' in answer.content.decode()
    assert client_of(make_person("Dora", *SEES)).get("/billing/documents/many/").status_code == 403


def test_a_receipt_prints_what_it_paid_and_later_that_it_was_reversed(alice: Customer):
    make_invoice(alice)
    receipt = make_receipt(alice, "500.00")
    naledi = client_of(make_person("Naledi", "billing.view_receipt"))
    address = f"/billing/receipts/{receipt.pk}/print/"
    answer = naledi.get(address)
    assert answer.headers["Content-Disposition"].startswith(
        f'attachment; filename="Receipt-ALI001-{receipt.pk:06}'
    )
    [page] = words(answer.content)
    for said in (
        "Alice Liddel",
        "INV00001",
        "454.00",
        "Held as credit",
        "46.00",
        "R 500.00",
        "R 46.00 in credit",
    ):
        assert said in page

    receipts.reverse(receipt=receipt, reason="Unpaid by the bank", day=date(2018, 8, 25), actor=None)
    [page] = words(naledi.get(address).content)
    assert "REVERSED" in page
    assert "Unpaid by the bank" in page
    assert "INV00001" not in page
    assert client_of(make_person("Dora", *SEES)).get(address).status_code == 403


# --- killed, and two at once -----------------------------------------------------------------------

PRINT = "from billing.services import printing; print(printing.carry_out(timezone.now()), flush=True)"
SETUP = "import django; django.setup(); from django.utils import timezone; "


@pytest.fixture
def house(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workers]:
    """Processes that print; the test's own does not, since nobody tells it to."""
    monkeypatch.setattr(jobs, "nudge", lambda name: None)
    (tmp_path / "logs").mkdir()
    with workers(tmp_path / "logs") as started:
        started.environment["MEDIA_ROOT"] = str(settings.MEDIA_ROOT)
        yield started


def printer(house: Workers) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SETUP + PRINT],
        env=house.environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def owe(count: int) -> None:
    """Invoices of Alice's, issued at once."""
    alice = make_customer("Alice Liddel", "ALI001")
    drafts = [make_draft(alice).pk for _ in range(count)]
    issuing.issue(documents=drafts, actor=None, now=datetime(2018, 8, 22, tzinfo=UTC))


def owed() -> int:
    return Snapshot.objects.filter(sha256="").count()


def all_stored(count: int) -> bool:
    kept = list(Snapshot.objects.select_related("document"))
    return len(kept) == count and all(printing.original(one).startswith(b"%PDF") for one in kept)


@pytest.mark.django_db(transaction=True)
def test_s12_killed_anywhere_it_goes_on_and_every_file_is_whole(house: Workers):
    owe(230)
    chance, left = random.Random(12), 230
    for _ in range(3):
        process = printer(house)
        house.wait(lambda before=left: owed() < before)
        time.sleep(chance.uniform(0, 0.1))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        left = owed()
    printer(house).communicate(timeout=300)
    assert all_stored(230)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_share_the_work_and_print_nothing_twice(house: Workers):
    owe(230)
    two = [printer(house), printer(house)]
    told = [process.communicate(timeout=300)[0] for process in two]
    assert [process.returncode for process in two] == [0, 0]
    printed = [int(one.split()[1].replace(",", "")) for one in told if one.strip()]
    assert sum(printed) == 230
    assert all_stored(230)
