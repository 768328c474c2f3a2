"""Alice reads her bills, payments and statement; nobody reads another's, and nobody a draft."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client

from billing.models import Dispute
from billing.selectors import own_account, suspensions
from billing.services import disputes, moving, printing
from tests.factories import make_person
from tests.factories.billing import make_draft, make_invoice, make_owe, make_receipt
from tests.portal.conftest import at_portal

pytestmark = pytest.mark.django_db
TODAY = date(2018, 9, 30)
NOW = datetime(2018, 9, 30, 10, tzinfo=UTC)


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_alice_sees_what_she_owes_and_her_bills_newest_first(alice, django_assert_max_num_queries):
    for month in range(1, 9):
        make_invoice(alice, "454.00", date(2018, month, 1))
    make_receipt(alice, "500.00", date(2018, 8, 1))
    draft = make_draft(alice, "999.00")
    client = at_portal(alice)

    client.get("/portal/")  # the first page writes down that the log-in was used
    with django_assert_max_num_queries(12):
        page = text(client, "/portal/bills/")
    assert "You owe <b>R 3,132.00</b>" in page
    assert page.index("2018-08-01") < page.index("2018-01-01")
    assert ("999.00" in page, "Part paid" in page, "R 408.00 open" in page) == (False, True, True)
    assert client.get(f"/portal/bills/{draft.pk}/").status_code == 404


def test_older_bills_stand_on_further_pages(alice):
    many = [make_invoice(alice, "10.00", date(2018, 1, 1 + number)) for number in range(23)]
    client = at_portal(alice)
    first = client.get("/portal/bills/")
    older = text(client, f"/portal/bills/?after={first.context['further']}")

    assert [row.document for row in first.context["rows"]] == many[:2:-1]
    assert [many[number].name in older for number in (0, 2, 3)] == [True, True, False]
    for nonsense in ("nonsense", "-1", "9" * 30):
        assert client.get(f"/portal/bills/?after={nonsense}").context["rows"][0].document == many[-1]


def test_who_has_no_bills_is_told_so(alice):
    page = text(at_portal(alice), "/portal/bills/")
    assert ("You have no bills yet" in page, "You owe nothing." in page) == (True, True)


def test_a_bill_says_what_it_is_for_and_what_was_paid(alice, django_assert_max_num_queries):
    invoice = make_invoice(alice, "454.00", date(2018, 8, 21))
    receipt = make_receipt(alice, "400.00", date(2018, 8, 22))
    client = at_portal(alice)

    client.get("/portal/")  # the first page writes down that the log-in was used
    with django_assert_max_num_queries(12):
        page = text(client, f"/portal/bills/{invoice.pk}/")
    assert all(word in page for word in ("Home Uncapped", "R 59.22", "Pay R 54.00"))
    assert f'href="/portal/bills/payments/{receipt.pk}/"' in page


def test_the_pdf_is_the_one_that_was_issued(alice):
    invoice = make_invoice(alice, "454.00")
    client, path = at_portal(alice), f"/portal/bills/{invoice.pk}/pdf/"
    printing.print_some(among=[invoice.pk])
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")
    assert answer["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize(
    "path",
    ["bills/{0}/", "bills/{0}/pdf/", "bills/{0}/dispute/", "bills/payments/{1}/", "bills/payments/{1}/pdf/"],
)
def test_s30_nobody_reads_anothers(alice, bob, path):
    invoice, receipt = make_invoice(alice), make_receipt(alice)
    address = "/portal/" + path.format(invoice.pk, receipt.pk)

    assert at_portal(bob).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    staff = Client()
    staff.force_login(make_person("Thabo", "billing.view_document", "billing.view_receipt"))
    assert staff.get(address).status_code == 302


def test_payments_say_what_they_paid(alice, django_assert_max_num_queries):
    invoice = make_invoice(alice, "454.00", date(2018, 8, 21))
    receipt = make_receipt(alice, "500.00", date(2018, 8, 22))
    client = at_portal(alice)

    client.get("/portal/")  # the first page writes down that the log-in was used
    with django_assert_max_num_queries(12):
        page = text(client, "/portal/bills/payments/")
    assert ("R 500.00" in page, "Ahead" in page) == (True, True)
    shown = text(client, f"/portal/bills/payments/{receipt.pk}/")
    assert (invoice.name in shown, "R 46.00" in shown) == (True, True)
    paper = client.get(f"/portal/bills/payments/{receipt.pk}/pdf/")
    assert paper.content.startswith(b"%PDF")


def test_s30_a_payment_moved_to_bob_does_not_name_bob(alice, bob):
    receipt = make_receipt(alice, "500.00", date(2018, 8, 22))
    moving.move(
        receipt=receipt,
        to=bob,
        day=date(2018, 8, 23),
        reason="Wrong code",
        actor=make_person("Thabo"),
    )
    client = at_portal(alice)
    pages = [
        text(client, "/portal/bills/payments/"),
        text(client, f"/portal/bills/payments/{receipt.pk}/"),
        text(client, "/portal/bills/statement/?first=2018-08-01&last=2018-08-31"),
    ]
    assert not any("BOB001" in page or "Wrong code" in page for page in pages)
    assert "taken back" in pages[1]


def test_a_statement_of_any_days_on_screen_and_paper(alice, django_assert_max_num_queries):
    make_owe(alice, "100.00", date(2018, 1, 1))
    make_invoice(alice, "454.00", date(2018, 8, 1))
    make_receipt(alice, "54.00", date(2018, 8, 5))
    client, days = at_portal(alice), "?first=2018-08-01&last=2018-08-31"

    client.get("/portal/")  # the first page writes down that the log-in was used
    with django_assert_max_num_queries(12):
        page = text(client, "/portal/bills/statement/" + days)
    assert all(word in page for word in ("Brought forward", "R 100.00", "balance R 500.00", "R 500.00"))
    assert client.get("/portal/bills/statement/pdf/" + days).content.startswith(b"%PDF")
    assert "This day is before the first." in text(
        client, "/portal/bills/statement/?first=2018-08-02&last=2018-08-01"
    )


def test_s29_what_alice_disputes_is_not_late_until_answered(alice):
    invoice = make_invoice(alice, "454.00", date(2018, 7, 1))
    client, path = at_portal(alice), f"/portal/bills/{invoice.pk}/dispute/"
    assert "What is wrong with it?" in text(client, path)
    assert not Dispute.objects.exists()

    assert client.post(path, {"reason": ""}).status_code == 422
    assert client.post(path, {"reason": "We moved out in June"}).status_code == 302
    made = Dispute.objects.get()
    assert (made.document, made.opened_by.username) == (invoice, "ALI001")
    assert alice.pk not in suspensions.overdue([alice.pk], TODAY)
    assert own_account.due(customer=alice, day=TODAY).late == 0
    assert "We look into it" in text(client, f"/portal/bills/{invoice.pk}/")
    assert "R 454.00 of it" in text(client, "/portal/bills/")

    disputes.answer(
        dispute=made, text="The notice came in July", tell=False, now=NOW, actor=make_person("Thabo")
    )
    assert suspensions.overdue([alice.pk], TODAY)[alice.pk].amount == Decimal("454.00")
    assert "The notice came in July" in text(client, f"/portal/bills/{invoice.pk}/")


def test_what_was_answered_is_not_disputed_again_here(alice):
    invoice = make_invoice(alice, "454.00", date(2018, 7, 1))
    made = disputes.add(document=invoice, reason="Why?", now=NOW, actor=None)
    disputes.answer(dispute=made, text="Because.", tell=False, now=NOW, actor=None)
    client = at_portal(alice)

    assert "Something is wrong" not in text(client, f"/portal/bills/{invoice.pk}/")
    assert client.post(f"/portal/bills/{invoice.pk}/dispute/", {"reason": "Still"}).status_code == 302
    assert Dispute.objects.count() == 1


def test_bob_disputes_nothing_of_alices(alice, bob):
    invoice = make_invoice(alice, "454.00", date(2018, 7, 1))
    assert at_portal(bob).post(f"/portal/bills/{invoice.pk}/dispute/", {"reason": "Mine"}).status_code == 404
    assert not Dispute.objects.exists()


def test_home_says_what_is_due_in_plain_words(alice):
    client = at_portal(alice)
    assert "You owe nothing." in text(client, "/portal/")
    make_invoice(alice, "454.00", date(2018, 7, 1))
    page = text(client, "/portal/")
    assert ("You owe <b>R 454.00</b>" in page, "Pay now" in page, "It is late" in page) == (True, True, True)


def test_credit_is_said_as_being_ahead(alice):
    make_receipt(alice, "100.00")
    page = text(at_portal(alice), "/portal/")
    assert ("You are <b>R 100.00</b> ahead" in page, "Pay ahead" in page) == (True, True)
