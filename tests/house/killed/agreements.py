"""What is owed to jobs about contracts and prices, who leaves or is away, who does not pay, who is new."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from billing.models import (
    Cancellation,
    CancellationReason,
    CaseStep,
    HeldAccount,
    ItemPrice,
    PriceNotice,
    RentalContract,
    SuspensionCase,
    SuspensionRules,
)
from billing.services import cancellations, contracts, payment_methods, price_notices, recurring
from customers.models import Customer
from customers.services import anonymising
from dataaccounts.models import DataAccount
from herotill import business_days
from herotill.messages.models import Message
from herotill.models import ApprovalRequest
from herotill.months import Month
from tests.factories import make_person
from tests.factories.data import make_account
from tests.factories.items import make_hold, make_item
from tests.factories.products import make_price, make_product
from tests.factories.workflow import accept, make_lead, make_quote
from tests.house.killed.people import called, mails
from tests.house.killed.story import Story, World
from workflow.models import Lead
from workflow.services import new_customers, new_products

# --- who does not pay -----------------------------------------------------------------------------------


def suspended_by_hand(world: World) -> None:
    SuspensionRules.objects.update(enabled=True, from_hour=0, until_hour=24)
    Customer.objects.filter(pk=called("SUS001").pk).update(status="suspended")


def cases_of(code: str) -> list[tuple[str, int]]:
    """The state of each case, and how many steps it has."""
    found = SuspensionCase.objects.filter(customer__code=code)
    return [(case.state, case.steps.count()) for case in found]


def paid_in_full(world: World) -> None:
    day = world.today - timedelta(days=3)
    case = SuspensionCase.objects.create(
        customer=called("PAI001"), state="warned", opened_on=day, counts_from=day, overdue="454.00"
    )
    CaseStep.objects.create(case=case, kind="warned", day=day)


# --- contracts and prices -------------------------------------------------------------------------------


def asked_long_ago(world: World) -> None:
    ApprovalRequest.objects.create(
        kind=anonymising.KIND,
        subject_id=called("APP001").pk,
        about="APP001",
        basis="-",
        reason="Asked by phone",
        asked_by=make_person("Anna"),
        asked_at=world.now - timedelta(days=40),
    )


def a_term_that_ends(world: World) -> None:
    end = business_days.after(world.today, 60)
    values = {
        "equipment": "Outdoor radio",
        "starts_on": end + timedelta(days=1) - relativedelta(months=12),
        "months": 12,
    }
    contracts.add(customer=called("CON001"), values=values, actor=None)


def a_year_ago(world: World) -> None:
    dora, began = called("RIS001"), world.today + timedelta(days=45) - relativedelta(years=1)
    new = recurring.NewItem(product=make_product("RADIO", "100.00"), starts_on=began)
    item = recurring.add(customer=dora, new=new, actor=None)
    values = {
        "equipment": "Radio",
        "starts_on": began,
        "months": None,
        "item": item,
        "escalation": Decimal(8),
    }
    contracts.add(customer=dora, values=values, actor=None)


def a_notice_that_was_sent(world: World) -> None:
    product = make_product("DEAR", "454.00")
    make_item(called("PRI001"), product)
    price = make_price(product, "500.00", Month.of(world.today).plus(2).first)
    price_notices.announce(price=price, actor=None, now=world.now)
    Message.objects.filter(subject_kind="price_notice").update(state="sent", sent_at=world.now)


# --- who leaves, is away, is new ------------------------------------------------------------------------


def leaving(world: World, code: str, *, days_ago: int, confirmed: bool) -> Cancellation:
    then, customer = world.now - timedelta(days=days_ago), called(code)
    reason = CancellationReason.objects.get_or_create(name="Moves house")[0]
    one = cancellations.ask(
        customer=customer,
        reason=reason,
        comment="Moves to Durban.",
        last_day=world.today + timedelta(days=40),
        actor=None,
        now=then,
    )
    cancellations.approve(cancellation=one, actor=make_person(f"Mandla {code}"), now=then)
    if confirmed:
        message = Message.objects.get(subject_kind="cancellation", subject_id=one.pk)
        token = cancellations.seal(message, then)["link"].rstrip("/").rsplit("/", 1)[1]
        cancellations.answer(token=token, confirms=True, text="", address="198.51.100.7", now=then)
    return one


def leaving_for_sure(world: World) -> None:
    make_account(called("LEA001"), "leaves@isp.example")
    leaving(world, "LEA001", days_ago=1, confirmed=True)


def held_from_yesterday(world: World) -> None:
    held = called("HOL001")
    make_account(held, "held@isp.example")
    make_hold(held, world.today - timedelta(days=1), world.today + timedelta(days=10))


def misses_nothing(world: World) -> None:
    """Wilma accepted her quote; all of it is taken over, and she said how she pays."""
    lead = make_lead("Wilma Liddel", email="wilma@isp.example", phone="+27821234567")
    accept(make_quote(lead, now=world.now), now=world.now)
    sally = make_person("Sally")
    new_customers.link(lead=lead, customer=called("NEW001"), actor=sally, now=world.now)
    lead.refresh_from_db()
    day = world.today + timedelta(days=7)
    new_products.take_over_all(lead=lead, day=day, actor=None, now=world.now)
    payment_methods.set(customer=called("NEW001"), method="eft", actor=sally, now=world.now)


def moved_on(world: World) -> tuple[str, int, int]:
    """Where she is, how often she came there, and how many job cards were opened."""
    lead = Lead.objects.get(customer__code="NEW001")
    return lead.place, lead.moves.filter(to_step="job-new").count(), lead.jobs.count()


STORIES = {
    "suspensions-settled": Story(paid_in_full, lambda world: cases_of("PAI001"), [("ended", 2)]),
    "approvals-lapse": Story(
        asked_long_ago,
        lambda world: list(
            ApprovalRequest.objects.filter(kind=anonymising.KIND).values_list("state", flat=True)
        ),
        ["lapsed"],
    ),
    "contracts-expiry": Story(
        a_term_that_ends,
        lambda world: (
            mails("CON001", "contract_expiry"),
            RentalContract.objects.filter(expiry_told_on=world.today).count(),
        ),
        (1, 1),
        at='UPDATE "billing_rentalcontract"',
        before=True,
    ),
    "contracts-rise": Story(
        a_year_ago,
        lambda world: [
            (str(price.amount), price.notices.count(), mails("RIS001", "price_notice"))
            for price in ItemPrice.objects.filter(item__customer__code="RIS001")
        ],
        [("108.00", 1, 1)],
        at="INSERT INTO billing_pricenotice",  # the rise is made, and nobody was told of it
        before=True,
    ),
    "price-notices": Story(
        a_notice_that_was_sent,
        lambda world: PriceNotice.objects.filter(customer__code="PRI001", sent_on=world.today).count(),
        1,
    ),
    "cancellations-end": Story(
        leaving_for_sure,
        lambda world: Cancellation.objects.filter(
            customer__code="LEA001",
            applied_at__isnull=False,
            last_day__in=DataAccount.objects.filter(username="leaves@isp.example").values("ends_on"),
        ).count(),
        1,
    ),
    "cancellations-lapse": Story(
        lambda world: leaving(world, "LAP001", days_ago=60, confirmed=False),
        lambda world: Cancellation.objects.get(customer__code="LAP001").state,
        "lapsed",
    ),
    "holds-service": Story(
        held_from_yesterday,
        lambda world: [(one.account.username, one.account.state) for one in HeldAccount.objects.all()],
        [("held@isp.example", "suspended")],
    ),
    "workflow-settle": Story(misses_nothing, moved_on, ("job-new", 1, 1), at='INSERT INTO "workflow_move"'),
}
# At last, since it looks at everybody.
LAST = {"suspensions": Story(suspended_by_hand, lambda world: cases_of("SUS001"), [("taken_over", 1)])}
