"""Moving in from another system: steps with figures beside the old ones, and billing off until a person signs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing.models import (
    BankAccount,
    Document,
    GivenNumbers,
    OpenItem,
    RecurringItem,
    SuspensionRules,
    TakeOver,
)
from billing.selectors import cutover
from billing.services import charging, issuing
from billing.services import cutover as taking_over
from customers.models import Customer, CustomerGroup
from herotill import moving_in, runs
from herotill.errors import DomainError
from herotill.imports.kinds import kinds
from herotill.models import Import, ImportRow, MovingIn, OldFigure, Run
from herotill.months import Month
from herotill.moving_in import comparing, deeds
from tests.factories import client_of, make_customer, make_person
from tests.factories.billing import make_draft, make_invoice
from tests.factories.people import in_role
from tests.factories.products import make_product

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
    return {row.step.name: row for row in comparing.compare(move, day=date(2026, 11, 23)).rows}


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
    assert comparing.compare(move, day=date(2026, 11, 23)).lacks == ["Opening debtors are signed: not yet"]
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
    assert "Days that billing is off" in client.get("/").content.decode()

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
    assert "Days that billing is off" not in client.get("/").content.decode()


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


def test_recurring_items_are_compared_by_what_they_come_to_a_month_too(signer):
    item = {"customer": make_customer("Alice Liddel", "ALI001"), "starts_on": date(2018, 1, 1)}
    priced = RecurringItem.objects.create(**item, product=make_product())
    priced.prices.create(starts_on=date(2018, 1, 1), amount="100.00")
    RecurringItem.objects.create(**item, product=make_product("CAB1"), once=True)
    move, client = deeds.begin(actor=signer), client_of(signer)
    assert "VAT included" in client.get(f"{PAGE}recurring/").content.decode()
    client.post(f"{PAGE}recurring/", {"count": "1", "amount": "454.00"})
    assert (rows(move)["recurring"].state, rows(move)["recurring"].short) == ("differs", Decimal("354.00"))
    client.post(f"{PAGE}recurring/", {"count": "1", "amount": "100.00"})
    assert rows(move)["recurring"].state == "agrees"
    client.post(f"{PAGE}recurring/", {"count": "1", "amount": ""})
    assert rows(move)["recurring"].state == "agrees"
    assert client.post(f"{PAGE}invoices/", {"count": "1", "amount": ""}).status_code == 422


def at_work(kind):
    """A file of this kind whose import has been begun and is not done."""
    batch = Import.objects.create(kind=kind, file_name=f"{kind}.csv", sha256="", size=1, headings=["x"])
    run = runs.start(
        kind=f"{kind}-import", params={"import": batch.pk}, actor=None, once=f"import {batch.pk}"
    )
    Import.objects.filter(pk=batch.pk).update(state=Import.State.APPLYING, run=run)


@pytest.mark.money
def test_nobody_signs_what_an_import_at_work_may_change(signer):
    move = deeds.begin(actor=signer)
    for step in moving_in.steps:
        noted(signer, step.name, 0, "0.00" if step.with_amount else None)
    at_work("invoices")
    assert comparing.compare(move, day=date(2026, 11, 23)).lacks == ["invoices.csv is at work"]
    with pytest.raises(DomainError, match="at work"):
        deeds.sign(actor=signer, now=timezone.now())
    taken = TakeOver.objects.create(as_at=date(2018, 5, 31), file_name="old.csv", uploaded_by=signer)
    with pytest.raises(DomainError, match="at work"):
        taking_over.sign(take_over=taken, actor=signer, now=timezone.now())
    Run.objects.update(state="failed", finished_at=timezone.now())
    assert deeds.sign(actor=signer, now=timezone.now()).signed_by == signer


AGED = "Code;120+;90;60;30;Current\nALI001;904,00;;;;\n"
DEBTORS = "/reports/opening-debtors/"


def prove(client, text):
    client.post(DEBTORS, {"as_at": "2018-12-31", "file": SimpleUploadedFile("old.csv", text.encode())})
    client.post(f"{DEBTORS}sign/")


@pytest.mark.django_db(transaction=True)
@pytest.mark.money
def test_s16_a_signature_says_nothing_of_what_came_after_it(signer, thabo, bring):
    make_customer("Alice Liddel", "ALI001")
    BankAccount.objects.create(name="Sage Pay")
    client = client_of(thabo)
    deeds.begin(actor=thabo)
    bring("invoices", INVOICES)
    assert not cutover.signed()
    prove(client, AGED)
    assert cutover.signed()
    assert 'type="file"' not in client.get(DEBTORS).content.decode()

    bring("receipts", RECEIPTS)
    assert not cutover.signed()
    assert not cutover.with_signed(SuspensionRules.objects.all()).get().take_over_signed
    page = client.get(DEBTORS).content.decode()
    assert "history came in or was taken back" in page
    assert 'type="file"' in page
    prove(client, AGED.replace("904,00", "454,00"))
    assert cutover.signed()
    assert moving_in.proofs["opening-debtors"].holds()

    deeds.call_off(why="We go on by hand.", actor=thabo, now=timezone.now())
    deeds.begin(actor=thabo)
    assert cutover.signed()
    bring("invoices", INVOICES.replace("INV00563;2018-03-26", "INV00400;2018-02-01"))
    deeds.call_off(why="Not so.", actor=thabo, now=timezone.now())
    assert not cutover.signed()


@pytest.mark.django_db(transaction=True)
@pytest.mark.money
def test_s16_opening_balances_that_add_up_to_nothing_are_signed_too(signer, bring):
    head = "Customer code;Surname;First names;Cell number;E-mail addresses;Balance\n"
    alice, bob = (
        f"{code};{name};{first};0820001234;a@example.com;"
        for code, name, first in (("ALI001", "Liddel", "Alice"), ("BOB001", "Hatter", "Bob"))
    )
    TakeOver.objects.create(
        as_at=date(2018, 5, 31),
        file_name="old.csv",
        uploaded_by=signer,
        signed_by=signer,
        signed_at=timezone.now(),
    )
    bring("customers", f"{head}{alice.replace('ALI001', 'CAR001')}0.00\n", "--as-at", "2018-05-31")
    assert cutover.signed()
    bring("customers", f"{head}{alice}100.00\n{bob}-100.00\n", "--as-at", "2018-05-31")
    assert Import.objects.latest("pk").totals["sum"] == "0.00"
    assert not cutover.signed()


def test_imports_lead_back_to_the_move_and_only_who_may_import_is_led_to_them(signer, thabo, bring):
    assert "#step-invoices" not in client_of(thabo).get("/billing/import/invoices/").content.decode()
    deeds.begin(actor=thabo)
    bring("groups", GROUPS)
    page = client_of(thabo).get("/billing/import/invoices/").content.decode()
    assert f'href="{PAGE}#step-invoices">Moving in</a>' in page
    shown = kinds["groups"].url("show", Import.objects.get().pk)
    assert f'href="{shown}"' in client_of(thabo).get(PAGE).content.decode()
    page = client_of(signer).get(PAGE).content.decode()
    assert f'href="{shown}"' not in page
    assert "groups.csv" in page


def test_figures_noted_when_nobody_moves_any_more_are_refused_in_words(signer):
    client = client_of(signer)
    move = deeds.begin(actor=signer)

    def ended(*_, **__):
        deeds.call_off(why="Ended beside it.", actor=signer, now=timezone.now())
        return move

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moving_in, "current", ended)
        answer = client.post(f"{PAGE}groups/", {"count": "3"})
    assert answer.status_code == 302
    assert "No move is under way." in client.get(PAGE).content.decode()


def test_customers_come_into_their_groups_and_go_back_to_where_they_were(bring):
    bring("groups", GROUPS)
    people = "Code;Surname;First names;Cell number;E-mail addresses;Customer group, by name\n"
    alice, bob = (
        "ALI001;Liddel;Alice;0820001234;a@example.com;",
        "BOB001;Hatter;Bob;0820001235;b@example.com;",
    )
    bring("customers", f"{people}{alice}ESTATE\n{bob}Nobody\n".replace("Code;", "Customer code;"))
    assert dict(Customer.objects.values_list("code", "group__name")) == {
        "ALI001": "Estate",
        "BOB001": "Others",
    }
    assert ImportRow.objects.get(code="BOB001").warnings == ["status_assumed", "unknown_group"]
    bring("customers", f"{people}{alice}staff\n{bob}\n".replace("Code;", "Customer code;"))
    assert Customer.objects.get(code="ALI001").group.name == "Staff"
    back = Import.objects.latest("pk").run_id
    call_command("import_csv", "--roll-back", str(back), stdout=StringIO())
    assert Customer.objects.get(code="ALI001").group.name == "Estate"


def test_groups_and_products_that_stand_askew_are_refused(bring):
    bring("groups", "Name;Description\nEstate;by the lake; north\n")
    bring("products", "Code;Name;Price;Starts on\nFIB;Fibre;20;454,00;2018-01-01\n")
    assert list(ImportRow.objects.order_by("pk").values_list("reason", flat=True)) == ["wrong_columns"] * 2
