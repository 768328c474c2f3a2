"""A completed installation begins services on its day, and the first invoice is a draft to check, to the cent."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from billing.models import Document, Line, SubAccountMode
from billing.services import charging, documents, drafts, first_bills, month_end_runs, recurring
from customers.models import BillingGroup
from dataaccounts.models import DataAccount, NetworkRules
from dataaccounts.services import accounts as data_accounts
from herotill.errors import DomainError
from herotill.months import Month
from tests.factories.customers import make_customer
from tests.factories.data import make_checked, make_package
from tests.factories.items import make_item, make_month_end, run_step, signed
from tests.factories.people import in_role, make_person
from tests.factories.products import make_product
from tests.factories.workflow import all_done, make_job, make_lead
from workflow.models import FailReason, JobMaterial
from workflow.services import first_invoices, jobs, moving

pytestmark = [pytest.mark.django_db, pytest.mark.money, pytest.mark.usefixtures("gates_of_jobs")]


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


def ordered(customer, day=date(2018, 8, 10), price="454.00"):
    """A data account and an installation that wait, as an accepted quote leaves them."""
    package = make_package(price=price)
    account = data_accounts.add(
        new=[data_accounts.NewAccount(customer, f"{customer.code.lower()}@isp.example", package, day)],
        actor=None,
        now=noon(day),
    )[0]
    recurring.add(
        customer=customer,
        new=recurring.NewItem(
            product=make_product("INSTALL", "1500.00", name="Installation"),
            starts_on=day,
            once=True,
            waiting=True,
        ),
        actor=None,
    )
    return account


def connect(lead, day, **values):
    """The installation done on a day, or written down then for `starts_service_on`."""
    tech = make_person("Tumi", "workflow.do_jobcard")
    job = make_job(lead=lead)
    at = noon(day)
    jobs.schedule(job, tech, at, at + timedelta(hours=3), None, at)
    jobs.start(job, tech, at)
    all_done(job, at)
    signed_by = {"signed_by": "Alice Liddel", "signature": [[[0, 0], [9, 9]]]}
    return jobs.complete(job, signed_by | values, tech, at)


@pytest.fixture
def lead():
    alice = make_customer("Alice Liddel", "ALI001")
    make_checked(alice)
    return make_lead(step_id="job-new", customer=alice)


def lines(lead):
    lead.refresh_from_db()
    return [(line.text, line.incl) for line in lead.draft.lines.order_by("incl")]


@pytest.mark.parametrize(
    ("day", "part"),
    [
        (date(2018, 8, 22), "146.45"),  # 10 of 31 days
        (date(2018, 8, 1), "454.00"),
        (date(2018, 8, 31), "14.65"),  # 1 of 31
        (date(2018, 9, 16), "227.00"),  # 15 of 30
        (date(2019, 2, 15), "227.00"),  # 14 of 28
        (date(2020, 2, 29), "15.66"),  # 1 of 29
    ],
)
def test_the_first_invoice_is_installation_and_the_days_that_are_left_of_the_month(lead, day, part):
    account = ordered(lead.customer, min(day, date(2018, 8, 10)))
    connect(lead, day)
    account.refresh_from_db()
    assert (account.state, account.starts_on) == ("active", day)
    assert [amount for _, amount in lines(lead)] == sorted([Decimal(part), Decimal("1500.00")])
    assert (lead.draft.status, lead.draft.incl, lead.draft.document_date) == (
        "draft",
        Decimal(part) + 1500,
        day,
    )


def test_service_that_began_before_it_was_written_down_is_billed_from_its_own_day(lead):
    account = ordered(lead.customer, date(2018, 8, 21))
    connect(lead, date(2018, 8, 22), starts_service_on=date(2018, 8, 20))
    account.refresh_from_db()
    assert (account.starts_on, lines(lead)[0][1]) == (date(2018, 8, 20), Decimal("175.74"))  # 12 of 31 days


def test_s29_no_job_activates_an_account_before_identity_and_address_are_checked():
    bob = make_customer("Bob Owes", "BOB001")
    lead = make_lead("Bob Owes", step_id="job-new", customer=bob)
    account = ordered(bob)
    with pytest.raises(DomainError, match="Identity and address are not checked yet"):
        connect(lead, date(2018, 8, 22))
    account.refresh_from_db()
    lead.refresh_from_db()
    assert (account.state, lead.place, lead.draft) == ("waiting", "job-started", None)

    NetworkRules.objects.update(checks_required=False)
    job = lead.jobs.get()
    jobs.complete(job, {"signed_by": "Bob", "signature": [[[0, 0]]]}, None, noon(date(2018, 8, 22)))
    account.refresh_from_db()
    assert account.state == "active"


def test_the_month_end_bills_what_the_first_invoice_took_no_second_time_and_goes_on_after_it(lead):
    run = BillingGroup.objects.create(name="Netcash Run 2", run_day=25, due_days=12)
    lead.customer.billing_group = run
    lead.customer.save()
    ordered(lead.customer)
    connect(lead, date(2018, 8, 22))
    lead.refresh_from_db()
    assert lead.draft.due_date == date(2018, 9, 3)

    thabo = in_role("Thabo", "manager")
    for month, expected in ((Month(2018, 8), []), (Month(2018, 9), [Decimal("454.00")])):
        made = signed(make_month_end(month, run, thabo), thabo)
        run_step(made, month_end_runs.CHARGES, thabo)
        run_step(made, month_end_runs.DRAFTS, thabo)
        later = Line.objects.filter(customer=lead.customer, period=month.first).exclude(document=lead.draft)
        assert list(later.values_list("incl", flat=True)) == expected


def test_what_else_the_customer_has_is_left_to_the_month_end(lead):
    make_item(lead.customer, make_product("RENT", "99.00", name="Router rental"))
    ordered(lead.customer)
    connect(lead, date(2018, 8, 22))
    assert "Router rental" not in [text for text, _ in lines(lead)]


def test_materials_the_customer_pays_for_stand_on_the_draft_once_and_others_do_not(lead):
    ordered(lead.customer)
    mast, clip = make_product("MAST", "800.00", name="Mast"), make_product("CLIP", "5.00", name="Clip")
    job = make_job(lead=lead)
    JobMaterial.objects.create(job=job, product=mast, text="Mast 3 m", quantity=Decimal(2), billed=True)
    JobMaterial.objects.create(job=job, product=clip, text="Clips", quantity=Decimal(20))
    connect(lead, date(2018, 8, 22))
    assert lines(lead)[1:] == [("Installation", Decimal("1500.00")), ("Mast 3 m", Decimal("1600.00"))]


def test_materials_of_a_repair_wait_for_the_months_run():
    bob = make_customer("Bob Owes", "BOB001")
    job = make_job(bob)
    mast = make_product("MAST", "800.00", name="Mast")
    JobMaterial.objects.create(job=job, product=mast, text="Mast", quantity=Decimal(1), billed=True)
    tech = make_person("Tumi", "workflow.do_jobcard")
    now = noon(date(2018, 8, 22))
    jobs.schedule(job, tech, now, now + timedelta(hours=1), None, now)
    job.checks.update(done_at=now, answer="yes")
    jobs.complete(job, {"signed_by": "Bob", "signature": [[[1, 1]]]}, tech, now)
    item = bob.recurring_items.get()
    assert (item.once, item.starts_on, item.waiting, str(item)) == (True, date(2018, 8, 22), False, "Mast")


def test_issuing_the_draft_wins_the_lead_here_or_elsewhere(lead):
    ordered(lead.customer)
    connect(lead, date(2018, 8, 22))
    now = noon(date(2018, 8, 23))
    with pytest.raises(DomainError, match="draft of the first invoice is not issued"):
        moving.move(leads=[lead.pk], to="won", actor=None, now=now)
    assert moving.settle(now=now) == 0

    lead.refresh_from_db()
    documents.issue(documents=[lead.draft_id], actor=None, now=now)
    assert moving.settle(now=now) == 1
    lead.refresh_from_db()
    assert lead.place == "won"


def test_issuing_from_the_workflow_wins_at_once(lead):
    ordered(lead.customer)
    connect(lead, date(2018, 8, 22))
    thabo = in_role("Thabo", "manager")
    assert first_invoices.issue(leads=[lead.pk], actor=thabo, now=noon(date(2018, 8, 23))) == 1
    lead.refresh_from_db()
    assert (lead.place, lead.draft.status) == ("won", "issued")


def test_a_draft_that_was_deleted_is_made_again_with_each_line_once(lead):
    ordered(lead.customer)
    connect(lead, date(2018, 8, 22))
    before = lines(lead)
    thabo, now = in_role("Thabo", "manager"), noon(date(2018, 8, 23))
    drafts.delete(documents_of=[lead.draft_id], actor=thabo)
    lead.refresh_from_db()
    assert lead.draft is None
    with pytest.raises(DomainError, match="no draft to issue"):
        first_invoices.issue(leads=[lead.pk], actor=thabo, now=now)

    first_invoices.make(lead=lead, actor=thabo, now=now)
    assert lines(lead) == before
    with pytest.raises(DomainError, match="has a draft already"):
        first_invoices.make(lead=lead, actor=thabo, now=now)
    assert Document.objects.count() == 1


def test_who_pays_before_use_has_no_first_invoice_and_a_person_says_so(lead):
    lead.customer.prepaid = True
    lead.customer.save()
    ordered(lead.customer)
    connect(lead, date(2018, 8, 22))
    lead.refresh_from_db()
    assert (lead.place, lead.draft) == ("invoice-new", None)
    thabo, now = in_role("Thabo", "manager"), noon(date(2018, 8, 23))
    with pytest.raises(DomainError, match="pays before use"):
        first_invoices.make(lead=lead, actor=thabo, now=now)
    with pytest.raises(DomainError, match="Say why"):
        first_invoices.go_without(lead=lead, why="", actor=thabo, now=now)
    first_invoices.go_without(lead=lead, why="Prepaid", actor=thabo, now=now)
    lead.refresh_from_db()
    assert lead.place == "won"


def test_a_lead_with_a_draft_does_not_go_without(lead):
    ordered(lead.customer)
    connect(lead, date(2018, 8, 22))
    with pytest.raises(DomainError, match="has a draft"):
        first_invoices.go_without(
            lead=lead, why="No", actor=in_role("Thabo", "manager"), now=noon(date(2018, 8, 23))
        )


def connected(lead, day):
    """The job of a lead whose accounts were let in on a day, to be tested."""
    tech, at = make_person("Tumi", "workflow.do_jobcard"), noon(day)
    job = make_job(lead=lead)
    jobs.schedule(job, tech, at, at + timedelta(hours=3), None, at)
    return jobs.connect(job, tech, at)


@pytest.mark.parametrize("ends", ["fail", "lose"])
def test_what_was_charged_and_waits_goes_when_the_job_comes_to_nothing(lead, ends):
    ordered(lead.customer)
    job = connected(lead, date(2018, 8, 28))
    charging.generate(customers=[lead.customer.pk], month=Month(2018, 9))
    assert Line.objects.filter(source="data", document=None).count() == 2
    if ends == "fail":
        jobs.fail(job, FailReason.objects.get(name="Weather"), "", None, noon(date(2018, 9, 1)))
    else:
        jobs.call_off_of(leads=[lead.pk], why="Lost", actor=None, now=noon(date(2018, 9, 1)))
    assert not Line.objects.filter(source="data").exists()
    assert not lead.customer.notes.exists()


def test_what_is_on_a_document_when_the_job_fails_is_told_to_be_credited(lead):
    ordered(lead.customer)
    job = connected(lead, date(2018, 8, 28))
    august, day = Month(2018, 8), date(2018, 8, 31)
    draft = first_bills.draft(customer=lead.customer, things=job.begun, month=august, day=day, actor=None)
    jobs.fail(job, FailReason.objects.get(name="Weather"), "", None, noon(date(2018, 9, 1)))
    assert draft.lines.count() == 1
    note = lead.customer.notes.get()
    assert (note.pops_up, str(draft) in note.text, "credit that" in note.text) == (True, True, True)


def test_days_far_off_are_refused_and_nothing_begins(lead):
    account = ordered(lead.customer)
    with pytest.raises(DomainError, match="too far off"):
        connect(lead, date(2018, 8, 22), starts_service_on=date(2019, 8, 22))
    account.refresh_from_db()
    assert account.state == DataAccount.State.WAITING


def test_what_the_master_pays_for_is_drafted_to_the_master_grouped_by_who_it_is_for(lead):
    master = make_customer("Karoo Farms", "KAR001", kind="company")
    lead.customer.master = master
    lead.customer.save()
    SubAccountMode.objects.create(customer=lead.customer, starts_on=date(2018, 8, 1), mode="master")
    ordered(lead.customer)
    connect(lead, date(2018, 8, 22))
    lead.refresh_from_db()
    assert (lead.draft.customer, {line.for_customer for line in lead.draft.lines.all()}) == (
        master,
        {lead.customer},
    )
