"""Statements and transaction reports: on the screen, on paper, by mail, to one and to many."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from billing.models import BankAccount, MailedStatement, SubAccountMode
from billing.selectors import statements as reading
from billing.services import deposits, receipts, statements
from customers.models import OpeningBalance
from herotill import runs
from herotill.errors import DomainError
from herotill.lists import lists
from herotill.messages.models import Message
from herotill.messages.templates import providers
from herotill.models import Run, RunCheckpoint
from tests.factories import make_customer, make_person
from tests.factories.billing import make_draft, make_invoice, make_receipt
from tests.factories.people import in_role

from .sheets import words
from .test_contracts import make_contract

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2018, 7, 1), date(2018, 8, 22)
PAGE = "/billing/customers/ALI001/statement/?first=2018-07-01&last=2018-08-22"


@pytest.fixture
def alice():
    alice = make_customer("Alice Liddel", "ALI001")
    make_invoice(alice, "450.00", date(2018, 6, 1))
    make_invoice(alice, "454.00", date(2018, 7, 20))
    make_receipt(alice, "500.00", date(2018, 7, 25))
    bounced = make_receipt(alice, "404.00", date(2018, 8, 1))
    receipts.reverse(receipt=bounced, day=date(2018, 8, 3), reason="Unpaid 02", actor=None)
    make_draft(alice, "999.00", date(2018, 8, 1))
    make_invoice(alice, "1.00", date(2018, 9, 1))
    return alice


def thabo():
    return make_person(
        "Thabo", "customers.view_customer", "customers.see_customer_balance", "billing.send_statements"
    )


def test_a_statement_brings_forward_and_runs_to_its_close(alice, django_assert_num_queries):
    with django_assert_num_queries(5):
        shown = reading.account(customer=alice.pk, first=FIRST, last=LAST)
    assert shown.opening == Decimal("450.00")
    assert [(entry.label, entry.amount, entry.balance) for entry in shown.entries] == [
        ("Invoice", Decimal("454.00"), Decimal("904.00")),
        ("Receipt", Decimal("-500.00"), Decimal("404.00")),
        ("Receipt", Decimal("-404.00"), Decimal("0.00")),
        ("Receipt reversed", Decimal("404.00"), Decimal("404.00")),
    ]
    assert shown.closing == shown.aged.total == Decimal("404.00")
    assert shown.entries[-1].told == "Unpaid 02"
    empty = reading.account(customer=alice.pk, first=date(2017, 1, 1), last=date(2017, 2, 1))
    assert (empty.opening, empty.closing, empty.entries) == (Decimal(0), Decimal(0), ())


def test_a_transaction_report_says_what_settled_what(alice):
    shown = reading.account(customer=alice.pk, first=FIRST, last=LAST)
    found = reading.transactions(customer=alice.pk, shown=shown)
    invoice, receipt = found[0], found[1]
    assert invoice.open == Decimal("404.00")
    assert [(one.label, one.amount) for one in invoice.settled] == [("Receipt", Decimal("50.00"))]
    assert [one.amount for one in receipt.settled] == [Decimal("450.00"), Decimal("50.00")]


def test_the_pages_show_it_and_give_it_as_files(client, alice):
    client.force_login(thabo())
    page = client.get(PAGE).content.decode()
    for said in (
        "Balance brought forward",
        "R 450.00",
        "INV00002",
        "Unpaid 02",
        "Closing balance",
        "R 404.00",
    ):
        assert said in page
    assert "INV00004" not in page
    report = client.get(PAGE.replace("statement", "transactions")).content.decode()
    assert "Settled" in report
    csv = b"".join(client.get(f"{PAGE}&format=csv").streaming_content).decode()
    assert "2018-07-20,INV00002,Invoice,454.00,,904.00" in csv
    assert b"".join(client.get(f"{PAGE}&format=xlsx").streaming_content).startswith(b"PK")
    assert client.get(f"{PAGE}&format=exe").status_code == 404
    for what in ("statement", "transactions"):
        paper = client.get(f"/billing/customers/ALI001/{what}/pdf/?first=2018-07-01&last=2018-08-22")
        assert paper.content.startswith(b"%PDF")
        assert "attachment" in paper["Content-Disposition"]
    wrong = client.get(
        "/billing/customers/ALI001/statement/?first=2018-08-22&last=2018-07-01"
    ).content.decode()
    assert "The last day comes before the first." in wrong


def test_without_the_right_to_balances_there_is_no_statement(client, alice):
    client.force_login(make_person("Dora", "customers.view_customer", "billing.view_document"))
    for what in ("statement/", "transactions/", "statement/pdf/", "transactions/pdf/"):
        assert client.get(f"/billing/customers/ALI001/{what}").status_code == 403
    assert client.get("/billing/email-statements/").status_code == 403


def test_one_is_mailed_from_the_card_with_its_pdf(client, alice):
    client.force_login(make_person(
        "Thabo", "customers.view_customer", "customers.see_customer_balance", "billing.view_document",
        "billing.send_statements",
    ))  # fmt: skip
    address = "/customers/ALI001/widgets/age-analysis/email-statement/"
    assert "Email a statement" in client.get(address).content.decode()
    sent = client.post(address, {"form": "statement", "first": "2018-07-01", "last": "2018-08-22"})
    assert sent.status_code == 302
    message = Message.objects.get(subject_kind="statement")
    made = MailedStatement.objects.get()
    assert (message.template, message.purpose, message.subject_id) == ("statement", "statements", made.pk)
    assert message.context["balance"] == "404.00"
    file = providers["statement"].fetch(made.pk)
    assert file.filename == "Statement-ALI001-2018-08-22.pdf"
    assert file.content.startswith(b"%PDF")
    refused = client.post(address, {"form": "statement", "first": "2018-08-22", "last": "2018-07-01"})
    assert refused.status_code == 422


def test_s17_a_deposit_stands_below_the_statement_and_in_no_sum(client, alice):
    fnb = BankAccount.objects.create(name="FNB")
    contract = make_contract(alice)
    deposits.receive(contract=contract, amount=Decimal(500), day=date(2018, 8, 2), account=fnb, actor=None)
    shown = reading.account(customer=alice.pk, first=FIRST, last=LAST)
    assert (shown.deposits, shown.closing, shown.aged.total) == (Decimal(500), Decimal(404), Decimal(404))
    assert reading.account(customer=alice.pk, first=FIRST, last=date(2018, 8, 1)).deposits == 0
    client.force_login(thabo())
    page = client.get(PAGE).content.decode()
    assert "Deposits held on" in page
    assert "R 500.00" in page
    assert "Deposits held on" not in client.get(PAGE.replace("2018-08-22", "2018-08-01")).content.decode()
    said = "A deposit of R 500.00 is held apart; it is not part of the balance."
    assert said in b"".join(client.get(f"{PAGE}&format=csv").streaming_content).decode()
    [paper] = words(client.get(f"{PAGE.replace('statement/', 'statement/pdf/')}").content)
    assert said in paper
    assert "R 404.00" in paper
    bob = make_customer("Bob Hatter", "BOB001")
    make_invoice(bob, "10.00", date(2018, 8, 1))
    at = {"first": FIRST, "last": LAST, "now": timezone.now(), "actor": None}
    statements.mail_one(customer=alice, **at)
    run = statements.begin(customers=None, first=FIRST, last=LAST, actor=in_role("Sipho", "manager"))
    runs.work(run.pk)
    told = Message.objects.filter(subject_kind="statement").order_by("customer_id", "id")
    assert [one.context["deposits"] for one in told] == [said, said, ""]
    assert {one.context["balance"] for one in told[:2]} == {"404.00"}


def test_everybody_who_owes_gets_one_and_nobody_two(alice):
    bob, carol = make_customer("Bob Hatter", "BOB001"), make_customer("Carol White", "CAR001")
    make_invoice(bob, "10.00", date(2018, 8, 1))
    reseller = make_customer("Reseller Ltd", "RES001")
    client = make_customer("Their Client", "CLI001", master=reseller)
    make_invoice(client, "10.00", date(2018, 8, 1))
    SubAccountMode.objects.create(customer=client, starts_on=date(2018, 1, 1), mode="reseller")
    run = statements.begin(customers=None, first=FIRST, last=LAST, actor=in_role("Thabo", "manager"))
    assert run.title == "Statements to 2 customers"
    runs.work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.counts) == ("done", {"queued": 2})
    sent = Message.objects.filter(subject_kind="statement")
    assert set(sent.values_list("customer_id", flat=True)) == {alice.pk, bob.pk}
    again = statements.mail(
        customers=[alice.pk, bob.pk], first=FIRST, last=LAST, now=timezone.now(), actor=None, run_id=run.pk
    )
    assert (again, MailedStatement.objects.count(), sent.count()) == (0, 2, 2)
    with pytest.raises(DomainError, match="Nobody"):
        statements.begin(customers=[carol.pk], first=FIRST, last=LAST, actor=in_role("Sipho", "manager"))


@pytest.mark.parametrize("forgotten", [False, True])
def test_a_run_killed_half_way_and_taken_up_again_mails_everybody_once(alice, monkeypatch, forgotten):
    bob, carol = make_customer("Bob Hatter", "BOB001"), make_customer("Carol White", "CAR001")
    for one in (bob, carol):
        make_invoice(one, "10.00", date(2018, 8, 1))
    run = statements.begin(customers=None, first=FIRST, last=LAST, actor=in_role("Thabo", "manager"))
    monkeypatch.setattr(statements, "AT_ONCE", 1)
    queue, sent = statements.mail, Message.objects.filter(subject_kind="statement")

    def killed_after_the_second(**asked):
        made = queue(**asked)
        if sent.count() == 2:
            raise KeyboardInterrupt
        return made

    with monkeypatch.context() as here, pytest.raises(KeyboardInterrupt):
        here.setattr(statements, "mail", killed_after_the_second)
        runs.work(run.pk)
    assert list(sent.values_list("customer_id", flat=True)) == [alice.pk]
    Run.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(hours=1))
    if forgotten:
        RunCheckpoint.objects.filter(run=run).update(cursor={})
    runs.work(run.pk)
    run.refresh_from_db()
    assert (run.state, MailedStatement.objects.count()) == ("done", 3)
    assert set(sent.values_list("customer_id", flat=True)) == {alice.pk, bob.pk, carol.pk}
    assert sent.count() == 3


def test_chosen_customers_get_one_from_the_list(client, alice):
    make_invoice(make_customer("Bob Hatter", "BOB001"), "10.00", date(2018, 8, 1))
    client.force_login(in_role("Thabo", "manager"))
    listing = lists["age-analysis"]
    picked = listing.rows_for(type("", (), {"get": lambda self, name: None})()).get(code="BOB001").pk
    data = {"ids": [picked], "first": "2018-07-01", "last": "2018-08-22", "_given": "1"}
    assert client.post("/billing/age-analysis/list/bulk/statements/?all=1", data).status_code in (204, 302)
    run = runs.Run.objects.get(kind="statement-run")
    assert run.title == "Statements to 1 customer"
    assert run.started_by.name == "Thabo"


def test_s16_no_statement_goes_out_before_the_debtors_taken_over_are_signed(client, alice):
    OpeningBalance.objects.create(customer=alice, amount="10.00", as_at=date(2018, 1, 1))
    client.force_login(in_role("Thabo", "manager"))
    answer = client.post("/billing/email-statements/", {"first": "2018-07-01", "last": "2018-08-22"})
    assert answer.status_code == 422
    assert "until the debtors taken over are signed" in answer.content.decode()
    assert not Message.objects.filter(subject_kind="statement").exists()
