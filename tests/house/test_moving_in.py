"""Moving in from another system: steps with figures beside the old ones, and billing off until a person signs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing.models import BankAccount, Document, GivenNumbers, OpenItem, TakeOver
from billing.services import charging, issuing
from customers.models import Customer, CustomerGroup
from herotill import moving_in
from herotill.errors import DomainError
from herotill.models import Import, ImportRow, MovingIn, OldFigure
from herotill.months import Month
from herotill.moving_in import comparing, deeds
from tests.factories import client_of, make_customer, make_person
from tests.factories.billing import make_draft, make_invoice
from tests.factories.people import in_role

pytestmark = pytest.mark.django_db
PAGE = "/setup/moving-in/"
INVOICES = "Inv No;Inv Date;Account Code;Amount\nINV00563;2018-03-26;ALI001;R 450.00\nINV00589;2018-04-30;ALI001;R 454.00\n"
RECEIPTS = (
    "Account Code;Rept Date;Bank Account;Bank Ref;Amount\nALI001;2018-04-16;Sage Pay;ALI001 -;R 450.00\n"
)
GROUPS = "Name;Description\nEstate;Houses of the estate\nStaff;\n"


@pytest.fixture
def thabo():
    return in_role("Thabo", "manager")


@pytest.fixture
def signer():
    return make_person("Nomsa", "house.view_movingin", "house.move_in", "house.sign_move")


@pytest.fixture
def bring(tmp_path):
    def bring(kind, text, *options):
        file = tmp_path / f"{kind}.csv"
        file.write_text(text)
        call_command("import_csv", kind, str(file), *options, stdout=StringIO())

    return bring


def rows(move):
    return {row.step.name: row for row in comparing.compare(move).rows}


def noted(actor, step, count, amount=None):
    deeds.note(step=step, count=count, amount=amount and Decimal(amount), actor=actor, now=timezone.now())


def test_the_steps_stand_in_the_order_of_the_manual():
    assert [step.name for step in moving_in.steps] == [
        "groups",
        "customers",
        "products",
        "packages",
        "data-accounts",
        "links",
        "recurring",
        "invoices",
        "credit-notes",
        "adjustments",
        "receipts",
    ]


def test_each_step_is_proved_by_figures_and_taking_one_back_is_seen_at_once(thabo, bring):
    make_customer("Alice Liddel", "ALI001")
    BankAccount.objects.create(name="Sage Pay")
    move = deeds.begin(actor=thabo)
    noted(thabo, "invoices", 2, "904.00")
    noted(thabo, "receipts", 1, "450.00")
    assert rows(move)["invoices"].state == "differs"
    assert rows(move)["invoices"].missing == 2

    bring("invoices", INVOICES)
    bring("receipts", RECEIPTS)
    found = rows(move)
    assert [found[name].state for name in ("invoices", "receipts", "adjustments")] == [
        "agrees",
        "agrees",
        "open",
    ]
    assert [one.file_name for one in found["invoices"].imports] == ["invoices.csv"]

    call_command(
        "import_csv", "--roll-back", str(Import.objects.get(kind="receipts").run_id), stdout=StringIO()
    )
    found = rows(move)
    assert (found["receipts"].missing, found["receipts"].short) == (1, Decimal("450.00"))
    call_command(
        "import_csv", "--roll-back", str(Import.objects.get(kind="invoices").run_id), stdout=StringIO()
    )
    assert rows(move)["invoices"].ours.count == 0
    bring("invoices", INVOICES)
    assert rows(move)["invoices"].state == "agrees"


def test_groups_come_from_a_file_once_and_go_back_unless_somebody_is_in_them(bring):
    bring("groups", GROUPS)
    bring("groups", GROUPS)
    assert list(ImportRow.objects.order_by("of_id", "line").values_list("outcome", flat=True)) == [
        "create",
        "create",
        "skip",
        "skip",
    ]
    make_customer("Bob Hatter", "BOB001")
    Customer.objects.update(group=CustomerGroup.objects.get(name="Estate"))
    first = Import.objects.order_by("pk")[0]
    call_command("import_csv", "--roll-back", str(first.run_id), stdout=StringIO())
    assert set(CustomerGroup.objects.values_list("name", flat=True)) == {"Others", "Estate"}
    assert ImportRow.objects.filter(way_back__contains="Customers are in it").count() == 1


def test_groups_get_new_descriptions_and_their_old_ones_back(bring):
    bring("groups", GROUPS)
    bring("groups", "Name;Description\nestate;Houses by the lake\n;nobody\n" + "x" * 101 + ";\n")
    assert CustomerGroup.objects.get(name="Estate").description == "Houses by the lake"
    second = Import.objects.latest("pk")
    outcomes = ImportRow.objects.filter(of=second).order_by("line").values_list("outcome", "reason")
    assert list(outcomes) == [("update", ""), ("refuse", "no_name"), ("refuse", "too_long")]
    call_command("import_csv", "--roll-back", str(second.run_id), stdout=StringIO())
    assert CustomerGroup.objects.get(name="Estate").description == "Houses of the estate"


@pytest.mark.money
def test_nothing_is_charged_or_issued_until_somebody_signs(thabo):
    alice = make_customer("Alice Liddel", "ALI001")
    draft = make_draft(alice, "454.00")
    deeds.begin(actor=thabo)
    with pytest.raises(DomainError, match="billing is off"):
        issuing.issue(documents=[draft.pk], actor=thabo, now=timezone.now())
    with pytest.raises(DomainError, match="billing is off"):
        charging.generate(customers=[alice.pk], month=Month.of(date(2026, 11, 1)))
    assert not GivenNumbers.objects.exists()

    deeds.call_off(why="We stay where we are.", actor=thabo, now=timezone.now())
    assert issuing.issue(documents=[draft.pk], actor=thabo, now=timezone.now()) == 1


@pytest.mark.money
def test_the_database_refuses_to_issue_whatever_asks(thabo, monkeypatch):
    alice = make_customer("Alice Liddel", "ALI001")
    deeds.begin(actor=thabo)
    monkeypatch.setattr(issuing, "want_billing_on", lambda: None)
    with pytest.raises(IntegrityError, match="Billing is off"), transaction.atomic():
        make_invoice(alice)
    assert not Document.objects.filter(status="issued").exists()


def test_a_move_is_signed_when_all_agrees_and_debtors_are_signed(signer, bring):
    make_customer("Alice Liddel", "ALI001")
    move = deeds.begin(actor=signer)
    for step in moving_in.steps:
        noted(signer, step.name, 0, "0.00" if step.with_amount else None)
    bring("invoices", INVOICES)
    noted(signer, "customers", 1)
    noted(signer, "invoices", 2, "904.00")
    assert comparing.compare(move).lacks == ["Opening debtors are signed: not yet"]
    with pytest.raises(DomainError, match="Opening debtors"):
        deeds.sign(actor=signer, now=timezone.now())

    TakeOver.objects.create(
        as_at=date(2018, 5, 31),
        file_name="old.csv",
        uploaded_by=signer,
        signed_by=signer,
        signed_at=timezone.now(),
    )
    deeds.sign(actor=signer, now=timezone.now())
    move.refresh_from_db()
    assert (move.signed_by, moving_in.current()) == (signer, None)
    assert OpenItem.objects.count() == 2


def test_one_moves_at_a_time_and_a_figure_noted_again_takes_the_place_of_the_first(thabo):
    move = deeds.begin(actor=thabo)
    with pytest.raises(DomainError, match="under way"):
        deeds.begin(actor=thabo)
    noted(thabo, "customers", 5)
    noted(thabo, "customers", 7)
    assert OldFigure.objects.get(move=move).count == 7
    with pytest.raises(DomainError, match="Say why"):
        deeds.call_off(why=" ", actor=thabo, now=timezone.now())


def test_the_page_leads_from_beginning_to_signing(signer):
    client = client_of(signer)
    assert "Begin moving in" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}begin/")
    page = client.get(PAGE).content.decode()
    assert "Billing is off" in page
    assert "disabled>Sign: all has come over" in page

    answer = client.post(f"{PAGE}receipts/", {"count": "3", "amount": "R 1 204,50"})
    assert answer.status_code == 302
    assert OldFigure.objects.get(step="receipts").amount == Decimal("1204.50")
    assert client.post(f"{PAGE}receipts/", {"count": "-1", "amount": ""}).status_code == 422
    assert "3 missing here" in client.get(PAGE).content.decode()
    assert client.get(f"{PAGE}nothing/").status_code == 404

    for step in moving_in.steps:
        client.post(f"{PAGE}{step.name}/", {"count": "0", "amount": "0"})
    client.post(f"{PAGE}sign/")
    assert MovingIn.objects.get().signed_by == signer
    assert "signed" in client.get(PAGE).content.decode()


def test_who_may_not_switch_billing_on_cannot_switch_it_off(thabo):
    client = client_of(thabo)
    assert "Begin moving in: switch" not in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}begin/").status_code == 403
    assert moving_in.current() is None


def test_calling_off_wants_a_reason_and_who_may_not_sign_cannot(signer, thabo):
    deeds.begin(actor=thabo)
    assert client_of(thabo).post(f"{PAGE}sign/").status_code == 403
    client = client_of(signer)
    assert client.post(f"{PAGE}call-off/", {"why": ""}).status_code == 422
    client.post(f"{PAGE}call-off/", {"why": "The old system stays."})
    assert MovingIn.objects.get().why == "The old system stays."
    assert client_of(make_person("Dora")).get(PAGE).status_code == 403


def test_the_page_asks_as_many_questions_whatever_came(signer, django_assert_max_num_queries):
    client = client_of(signer)
    client.get("/")
    deeds.begin(actor=signer)
    for number in range(10):
        make_customer("Alice Liddel", f"ALI0{number:02}")
    with django_assert_max_num_queries(32):
        assert client.get(PAGE).status_code == 200
