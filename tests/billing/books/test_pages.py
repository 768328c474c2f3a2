"""The screens of what goes to the books: Mary sets them up and pushes, Anna sees what was refused, Dora nothing."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from billing.models import BooksConnection, BooksCustomer, BooksDocument, BooksOwed
from billing.services import month_end_runs
from billing.services.books import connecting, sending
from herotill.integrations.sageone.standin import CREDENTIALS, SageStandIn
from herotill.models import AuditEvent
from tests.billing.books.test_sending import Clock, at_save, clock, linked, numbers
from tests.factories.billing import make_invoice
from tests.factories.books import connect
from tests.factories.customers import make_customer
from tests.factories.items import make_item, make_month_end, run_step, signed
from tests.factories.people import client_of, in_role, make_person

__all__ = ["clock"]
pytestmark = pytest.mark.django_db
SETUP = "/billing/setup/books/"
HTMX = {"HX-Request": "true"}
WAITING, SENT = "/billing/books/waiting/", "/billing/books/sent/"


@pytest.fixture
def anna() -> Any:
    return in_role("Anna", "accounts")


@pytest.fixture
def mary() -> Any:
    return in_role("Mary", "manager")


def settings_of(**other: str) -> dict[str, str]:
    return {
        "is_on": "on",
        "version": "2.0.0",
        "company_id": "1",
        "starts_on": "2018-08-01",
        "sales_account": "1",
        "other_account": "",
        "manager": "",
        "makes_customers": "on",
    } | other


def test_mary_connects_the_books_from_nothing(sage: SageStandIn, mary: Any) -> None:
    alice = make_customer(code="ALI001")
    make_invoice(alice)
    client = client_of(mary)
    early = client.post(SETUP, settings_of())
    assert (early.status_code, "credentials come first" in early.content.decode()) == (422, True)
    connecting.change_credentials(
        user=CREDENTIALS.user, password=CREDENTIALS.password, api_key=CREDENTIALS.api_key
    )
    tested = client.post(f"{SETUP}test/", follow=True).content.decode()
    assert "SageOne knows us: Veldnet (Pty) Ltd." in tested
    assert '<option value="1">Veldnet (Pty) Ltd (1)</option>' in tested
    assert client.post(SETUP, settings_of()).status_code == 302
    one = BooksConnection.objects.get()
    assert (one.is_on, one.company_name) == (True, "Veldnet (Pty) Ltd")
    assert BooksOwed.objects.count() == 2  # Alice and her invoice of August
    client.post(f"{SETUP}test/")
    assert "Bad Debts (2)" in client.get(SETUP).content.decode()


def test_s25_the_credentials_are_shown_by_their_last_four_and_kept_out_of_the_audit(mary: Any) -> None:
    connect()
    page = client_of(mary).get(SETUP).content.decode()
    assert CREDENTIALS.api_key not in page
    assert CREDENTIALS.password not in page
    assert CREDENTIALS.api_key[-4:] in page
    kept = str(list(AuditEvent.objects.filter(model="billing.booksconnection").values_list("new", "old")))
    assert CREDENTIALS.api_key not in kept
    assert CREDENTIALS.password not in kept


def test_changing_credentials_asks_for_the_second_factor_first(mary: Any) -> None:
    data = {"user": CREDENTIALS.user, "password": "new-words", "api_key": ""}
    client_of(mary).post(f"{SETUP}credentials/", data)
    assert BooksConnection.objects.get().user == ""


def test_who_we_are_there_is_said_again_for_another_user() -> None:
    connect()
    with pytest.raises(connecting.DomainError, match="another password"):
        connecting.change_credentials(user="other@veldnet.test", password="", api_key="")


def test_anna_sees_the_setup_and_changes_nothing_and_dora_sees_nothing(sage: SageStandIn, anna: Any) -> None:
    connect()
    seen = client_of(anna)
    assert "Test connection" not in seen.get(SETUP).content.decode()
    seen.post(SETUP, settings_of(company_id="9"))
    assert BooksConnection.objects.get().company_id == "1"
    assert seen.post(f"{SETUP}test/").status_code == 403
    dora = client_of(make_person("Dora"))
    for page in (SETUP, WAITING, SENT, "/billing/books/push/"):
        assert dora.get(page).status_code == 403
    assert sage.calls == []


def test_what_was_refused_is_read_sent_again_and_left_out(
    sage: SageStandIn, clock: Clock, anna: Any, mary: Any
) -> None:
    connect()
    alice = linked(sage)
    invoice = make_invoice(alice)
    at_save(sage, "text")
    sending.push(clock=clock)
    page = client_of(anna).get(f"{WAITING}?state=refused").content.decode()
    assert ("Username is Required." in page, invoice.name in page) == (True, True)
    bulk = {"ids": [BooksOwed.objects.get().pk], "_given": "1"}
    client_of(anna).post(f"{WAITING}list/bulk/leave-out/", bulk)
    assert BooksOwed.objects.get().state == "refused"
    client_of(mary).post(f"{WAITING}list/bulk/leave-out/", bulk)
    assert BooksOwed.objects.get().state == "left"
    client_of(mary).post(f"{WAITING}list/bulk/retry/", bulk)
    assert BooksOwed.objects.get().state == "waits"
    clock.later(minutes=1)
    sending.push(clock=clock)
    there = client_of(anna).get(SENT).content.decode()
    assert (invoice.name in there, "/customers/ALI001/" in there) == (True, True)


def test_chosen_documents_are_pushed_from_the_list_and_all_from_the_page(
    sage: SageStandIn, clock: Clock, anna: Any, mary: Any
) -> None:
    alice = make_customer(code="ALI001")
    first, second = make_invoice(alice), make_invoice(alice)
    connect()
    client_of(anna).post("/billing/documents/list/bulk/push-to-books/", {"ids": [second.pk], "_given": "1"})
    assert [row.document for row in BooksOwed.objects.exclude(document=None)] == [second]
    assert client_of(anna).post("/billing/books/push/").status_code == 403
    client_of(mary).post("/billing/books/push/")
    sending.push(clock=clock)
    assert numbers(sage) == [second.name, first.name]


def test_the_lists_ask_no_more_for_many(
    sage: SageStandIn, anna: Any, django_assert_max_num_queries: Any
) -> None:
    connect()
    for place in range(12):
        make_invoice(make_customer(code=f"ALI{place:03}"))
    client = client_of(anna)
    client.get("/")
    with django_assert_max_num_queries(16):
        client.get(WAITING)
    with django_assert_max_num_queries(16):
        client.get(SENT)


def card(person: Any, code: str = "ALI001") -> str:
    return client_of(person).get(f"/customers/{code}/widgets/sageone/").content.decode()


def test_the_card_says_id_last_sync_and_ok(sage: SageStandIn, clock: Clock, anna: Any) -> None:
    connect()
    alice = make_customer(code="ALI001")
    assert "1 waiting" in card(anna)
    sending.push(clock=clock)
    shown = card(anna)
    assert (BooksCustomer.objects.get(customer=alice).their_id in shown, "OK" in shown) == (True, True)
    assert "Edit ID" not in shown


def test_the_card_says_error_and_whom_to_tell(sage: SageStandIn, clock: Clock, anna: Any, mary: Any) -> None:
    connect()
    BooksConnection.objects.update(manager=mary)
    invoice = make_invoice(linked(sage))
    at_save(sage, "text")
    sending.push(clock=clock)
    shown = card(anna)
    assert "Error" in shown
    assert f'<span class="id">{invoice.name}</span>' in shown
    assert "Tell the financial manager</b>: Mary" in shown
    assert card(make_person("Dora", "customers.view_customer")).count("SageOne") == 0


def test_only_an_administrator_edits_the_id_and_is_warned_first(sage: SageStandIn, mary: Any) -> None:
    connect()
    make_customer("Bob Builder", code="BOB001")
    old, new = sage.add_customer("", "Alice"), sage.add_customer("", "A. Liddel")
    BooksCustomer.objects.create(customer=make_customer(code="ALI001"), their_id=old)
    edit = "/customers/ALI001/widgets/sageone/edit/"
    assert client_of(mary).get(edit).status_code == 403
    adam = client_of(in_role("Adam", "administrator"))
    assert "Be VERY careful when editing this ID" in adam.get(edit).content.decode()
    assert adam.post(edit, {"their_id": "none"}).status_code == 422
    assert adam.post(edit, {"their_id": new}, headers=HTMX).status_code == 204
    assert BooksCustomer.objects.get().their_id == new
    changed = AuditEvent.objects.filter(model="billing.bookscustomer").latest("pk")
    assert (changed.old, changed.new) == ({"their_id": old}, {"their_id": new})
    taken = adam.post("/customers/BOB001/widgets/sageone/edit/", {"their_id": new})
    assert (taken.status_code, "has this ID" in taken.content.decode()) == (422, True)


def test_who_has_documents_there_is_not_moved_to_another_id(sage: SageStandIn, clock: Clock) -> None:
    connect()
    make_invoice(make_customer(code="ALI001"))
    sending.push(clock=clock)
    adam = client_of(in_role("Adam", "administrator"))
    other = sage.add_customer("", "A. Liddel")
    answer = adam.post("/customers/ALI001/widgets/sageone/edit/", {"their_id": other})
    assert (answer.status_code, "move them there first" in answer.content.decode()) == (422, True)


def test_sync_now_sends_the_details_though_nothing_changed(
    sage: SageStandIn, clock: Clock, anna: Any
) -> None:
    connect()
    linked(sage)
    assert client_of(anna).post("/customers/ALI001/widgets/sageone/sync/", headers=HTMX).status_code == 204
    assert sending.push(clock=clock) == "1 sent, 0 refused."


def test_the_console_sends_and_reads_and_says_when_it_is_off(sage: SageStandIn) -> None:
    said = StringIO()
    call_command("sync_sageone", stdout=said)
    assert said.getvalue() == "SageOne is switched off; nothing was sent or read.\n"
    invoice = make_invoice(make_customer(code="ALI001"))
    connect()
    call_command("sync_sageone", full=True, stdout=said)
    assert "1 documents were missed" in said.getvalue()
    assert "2 sent, 0 refused." in said.getvalue()
    assert numbers(sage) == [invoice.name]
    call_command("sync_sageone", stdout=said)
    assert numbers(sage) == [invoice.name]
    connecting.change_credentials(user="other@veldnet.test", password="wrong-words", api_key="")
    make_invoice(make_customer("Bob Builder", code="BOB001"))
    with pytest.raises(CommandError, match="SageOne does not accept"):
        call_command("sync_sageone", stdout=said)


def test_a_document_says_how_it_stands_there(sage: SageStandIn, clock: Clock, anna: Any) -> None:
    connect()
    alice = linked(sage)
    there, late = make_invoice(alice, "454.00"), make_invoice(alice, "100.00")
    BooksOwed.objects.filter(document=late).update(state="refused", trouble="Processing is locked.")
    sending.push(clock=clock)
    seen = client_of(anna)
    assert "Processing is locked." in seen.get(f"/billing/documents/{late.pk}/").content.decode()
    page = seen.get(f"/billing/documents/{there.pk}/").content.decode()
    assert ("<dt>SageOne</dt>" in page, "iffers by" in page) == (True, False)
    BooksDocument.objects.update(incl=Decimal("450.00"))
    card = seen.get("/customers/ALI001/widgets/sageone/").content.decode()
    assert "Processing is locked." in card
    BooksOwed.objects.all().delete()
    card = seen.get("/customers/ALI001/widgets/sageone/").content.decode()
    assert f"{there.name}</span>: SageOne counts it at R 450.00; here it is R 454.00." in card
    assert "Differs by -R 4.00" in seen.get(f"/billing/documents/{there.pk}/").content.decode()
    BooksDocument.objects.update(incl=Decimal("454.00"), vat=Decimal("55.75"))
    assert "VAT differs by" in seen.get(f"/billing/documents/{there.pk}/").content.decode()
    dora = client_of(make_person("Dora", "billing.view_document"))
    assert "<dt>SageOne</dt>" not in dora.get(f"/billing/documents/{there.pk}/").content.decode()


def test_the_month_end_pushes_all_or_some_and_leads_to_the_debtors_there(
    sage: SageStandIn, mary: Any
) -> None:
    made = make_month_end()
    make_item(make_customer(code="ALI001"))
    address = f"/billing/month-end/{made.pk}/"
    assert "Debtors beside SageOne" not in client_of(mary).get(address).content.decode()
    connect()
    signed(made, mary)
    for kind in (month_end_runs.CHARGES, month_end_runs.DRAFTS, month_end_runs.ISSUE):
        run_step(made, kind, mary)
    BooksOwed.objects.exclude(document=None).update(state="refused", trouble="Processing is locked.")
    page = client_of(mary).get(address).content.decode()
    for label in ("Push all to SageOne", "Pick some to push", "What was refused", "Debtors beside SageOne"):
        assert label in page
    assert f'<a class="btn" href="/billing/documents/?month_end={made.pk}">Pick some to push' in page
    BooksConnection.objects.update(starts_on=made.month.last + timedelta(days=1))
    assert "Debtors beside SageOne" not in client_of(mary).get(address).content.decode()
