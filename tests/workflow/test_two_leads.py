"""One customer, two leads: each job begins and bills what was taken over for its own lead, and no more."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from billing.models import Line, RecurringItem
from dataaccounts.models import DataAccount
from herotill.errors import DomainError
from tests.factories import make_customer, make_person
from tests.factories.data import make_checked, make_package
from tests.factories.workflow import NOON, accept, all_done, make_lead, make_quote
from workflow.models import LostReason, Place, TakenOver
from workflow.services import first_invoices, jobs, leads, moving, new_customers, new_products, quotes

pytestmark = pytest.mark.django_db
PLANNED = date(2018, 9, 1)


@pytest.fixture
def alice():
    customer = make_customer("Alice Liddel", "ALI001", payment_method="eft")
    make_checked(customer)
    return customer


def sold_to(customer, package, mail):
    """A lead of this customer, with everything of its quote taken over; its job waits."""
    lead = make_lead(mail, email=f"{mail}@isp.example".lower())
    accept(make_quote(lead, package=package))
    new_customers.link(lead=lead, customer=customer, actor=make_person(f"Clerk {mail}"), now=NOON)
    lead.refresh_from_db()
    new_products.take_over_all(lead=lead, day=PLANNED, actor=None, now=NOON)
    lead.refresh_from_db()
    assert lead.place == "job-new"
    return lead


def install(lead):
    job = lead.jobs.get(state="new")
    tech = make_person(f"Tumi {lead.pk}", "workflow.do_jobcard")
    jobs.schedule(job, tech, NOON, NOON + timedelta(hours=2), None, NOON)
    all_done(job)
    jobs.complete(job, {"signed_by": "Alice Liddel", "signature": [[[0, 0]]]}, tech, NOON)
    lead.refresh_from_db()


def lost(lead):
    reason = LostReason.objects.get_or_create(name="Moved away")[0]
    leads.lose(leads=[lead.pk], reason=reason, words="", actor=None, now=NOON)


def states(lead):
    taken = TakenOver.objects.filter(lead=lead)
    accounts = taken.filter(account__isnull=False).values_list("account__state", flat=True)
    return [*accounts, *taken.filter(item__isnull=False).values_list("item__waiting", flat=True)]


def test_the_job_of_one_site_begins_nothing_of_the_other(alice):
    package = make_package(price="454.00")
    farm, shop = sold_to(alice, package, "Farm"), sold_to(alice, package, "Shop")
    assert [lead.jobs.get().account.username for lead in (farm, shop)] == ["ali001", "ali001-2"]

    install(shop)

    assert states(shop) == ["active", False]
    assert states(farm) == ["waiting", True]
    assert sorted(shop.draft.lines.values_list("incl", flat=True)) == [Decimal("146.45"), Decimal("1500.00")]

    install(farm)

    assert states(farm) == ["active", False]
    assert farm.draft
    assert farm.draft.lines.count() == 2


def test_what_was_added_by_hand_begins_with_the_only_job(alice):
    package = make_package(price="454.00")
    shop = sold_to(alice, package, "Shop")
    TakenOver.objects.all().delete()
    install(shop)
    assert DataAccount.objects.get().state == "active"
    assert RecurringItem.objects.get().waiting is False


def test_what_a_lost_lead_took_over_is_never_billed(alice):
    package = make_package(price="454.00")
    lost(sold_to(alice, package, "Farm"))
    assert DataAccount.objects.get().state == "cancelled"
    assert not RecurringItem.objects.exists()
    assert not TakenOver.objects.exists()

    back = sold_to(alice, package, "Shop")
    install(back)

    assert back.place == Place.INVOICE_NEW
    assert Line.objects.filter(customer=alice).count() == 2
    assert sorted(DataAccount.objects.values_list("state", flat=True)) == ["active", "cancelled"]


def test_a_lead_with_products_goes_to_no_other_customer_before_they_are_taken_back(alice):
    lead, bob = sold_to(alice, make_package(price="454.00"), "Farm"), make_customer("Bob Hatter", "BOB001")
    sally = make_person("Sally")
    moving.move(leads=[lead.pk], to=Place.CUSTOMER_ACTIVE, actor=sally, now=NOON)
    moving.move(leads=[lead.pk], to=Place.CUSTOMER_NEW, actor=sally, now=NOON, why="Wrong Alice")
    for mend in (
        lambda: new_customers.link(lead=lead, customer=bob, actor=sally, now=NOON),
        lambda: new_customers.unlink(lead=lead, actor=sally, now=NOON),
    ):
        with pytest.raises(DomainError, match="has products of its quote for"):
            mend()
    TakenOver.objects.all().delete()
    with pytest.raises(DomainError, match="has a job card for"):
        new_customers.unlink(lead=lead, actor=sally, now=NOON)

    lost(lead)
    leads.bring_back(leads=[lead.pk], actor=sally, now=NOON)
    moving.move(leads=[lead.pk], to=Place.CUSTOMER_NEW, actor=sally, now=NOON, why="Wrong Alice")
    new_customers.link(lead=lead, customer=bob, actor=sally, now=NOON)

    lead.refresh_from_db()
    assert (lead.customer, lead.place) == (bob, "customer-active")


def test_a_lead_whose_services_run_is_not_lost(alice):
    lead = sold_to(alice, make_package(price="454.00"), "Farm")
    install(lead)
    with pytest.raises(DomainError, match="Its services run"):
        lost(lead)
    lead.refresh_from_db()
    assert lead.place == Place.INVOICE_NEW

    first_invoices.issue(leads=[lead.pk], actor=make_person("Mia"), now=NOON)
    lead.refresh_from_db()
    assert lead.place == Place.WON


def test_a_lead_with_an_accepted_quote_gets_another_only_before_anything_is_taken_over(alice):
    lead = make_lead("Carol Reddy", email="carol@isp.example")
    package = make_package(price="454.00")
    accept(make_quote(lead, package=package))
    with pytest.raises(DomainError, match=r"was accepted\. Put the lead back to Quotes first"):
        quotes.begin(lead=lead, actor=None, now=NOON)

    moving.move(leads=[lead.pk], to=Place.QUOTE_NEW, actor=None, now=NOON, why="Wants more")
    more = accept(make_quote(lead, package=package))
    moving.move(leads=[lead.pk], to=Place.QUOTE_NEW, actor=None, now=NOON, why="Wants more still")
    late, draft = make_quote(lead, package=package), make_quote(lead, package=package, sent=False)
    moving.move(leads=[lead.pk], to=Place.CUSTOMER_NEW, actor=None, now=NOON, why="No, this will do")
    with pytest.raises(DomainError, match="Put the lead back to Quotes first"):
        quotes.send(quote=draft, to="carol@isp.example", actor=None, now=NOON)

    new_customers.link(lead=lead, customer=alice, actor=make_person("Sally"), now=NOON)
    lead.refresh_from_db()
    new_products.take_over_all(lead=lead, day=PLANNED, actor=None, now=NOON)

    assert TakenOver.objects.filter(line__quote=more).count() == TakenOver.objects.count() == 2
    with pytest.raises(DomainError, match="withdrawn"):
        accept(late)
    moving.move(leads=[lead.pk], to=Place.QUOTE_NEW, actor=None, now=NOON, why="Wants more again")
    for again in (
        lambda: quotes.begin(lead=lead, actor=None, now=NOON),
        lambda: quotes.revise(quote=late, actor=None, now=NOON),
    ):
        with pytest.raises(DomainError, match="was accepted and taken over"):
            again()
