"""What is owed to jobs about debit orders, and about what collectors agreed with customers."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from billing.models import (
    BankAccount,
    CaseStep,
    CollectionBatch,
    CollectionFee,
    DebitNotice,
    Mandate,
    Promise,
    ResultStatement,
    SuspensionCase,
    SuspensionRules,
)
from billing.services import batches, mandates
from herotill import business_days
from herotill.clock import local_day
from herotill.messages.models import Message
from tests.factories import make_person
from tests.factories.billing import make_invoice
from tests.factories.collecting import make_batch, make_group, make_payer
from tests.factories.mandates import make_detail
from tests.factories.netcash import service_with_keys
from tests.factories.products import make_product
from tests.house.killed.people import called, receipts_of
from tests.house.killed.story import Story, World

# --- debit orders ---------------------------------------------------------------------------------------


def a_batch(code: str, then: datetime) -> CollectionBatch:
    """Released at that moment, for the first day that was surely taken."""
    day = business_days.after(local_day(then), 6)
    group = make_group(f"Run of {code}", day=day.day)
    make_payer(code, group, "454.00", day=day.day)
    built = {"channel": "netcash", "action_date": day, "due_upto": day, "now": then}
    made = make_batch(group, actor=make_person(f"Mary {code}"), **built)
    return batches.release(batch=made, actor=make_person(f"Zoe {code}"), now=then)


def a_batch_that_missed_its_hour(world: World) -> None:
    service_with_keys(account=BankAccount.objects.create(name="Netcash", kind="gateway", source="batch"))
    a_batch("DEB001", world.now - timedelta(days=20))


def troubles(world: World) -> list[str]:
    found = CollectionBatch.objects.filter(billing_group__name="Run of DEB001")
    return [one.state for one in found.exclude(trouble="")]


def a_batch_that_was_collected(world: World) -> None:
    """Sent, loaded and let go when it was time; what came of it stands on statements that nobody fetched."""
    ahead = world.today - business_days.before(world.today, 9)
    then = world.there.moment = world.now - ahead
    batch = batches.send(batch=a_batch("COL001", then), actor=None, now=then)
    batch = batches.ask(batch=batch, actor=None, now=then)
    batches.authorise(batch=batch, actor=make_person("Thandi COL001"), now=then)
    world.there.moment = world.now


def collected(world: World) -> tuple[list[str], set[str], bool]:
    """What was booked, what became of the statements, and whether each day has one."""
    found = list(ResultStatement.objects.values_list("day", "state"))
    return receipts_of("COL001"), {state for _, state in found}, len(found) == len({day for day, _ in found})


def a_debit_that_was_announced(world: World) -> None:
    notice = DebitNotice.objects.create(
        customer=called("NOT001"), action_date=world.today, amount="500.00", queued_at=world.now
    )
    made_of = {"subject_kind": "debit_notice", "subject_id": notice.pk, "channel": "email", "state": "sent"}
    Message.objects.create(template="debit-notice", address="a@example.com", sent_at=world.now, **made_of)


# --- mandates, and the collectors' desk -----------------------------------------------------------------


def never_signed(world: World) -> None:
    customer, then = called("MAN001"), world.now - timedelta(days=20)
    make_detail(customer, now=then)
    mandates.ask(customer=customer, to=customer.contact_email, actor=None, now=then)


def a_promise_that_was_broken(world: World) -> None:
    customer, day = called("PRO001"), world.today - timedelta(days=30)
    make_invoice(customer, "454.00", day)
    Promise.objects.create(customer=customer, amount=454, by_day=day + timedelta(days=10), made_on=day)


def warned_today(world: World) -> None:
    product = make_product("FEE", None, name="Administration fee")
    SuspensionRules.objects.update(late_fee=Decimal("75.00"), fee_product=product)
    customer = called("FEE001")
    invoice = make_invoice(customer, "454.00", world.today - timedelta(days=21))
    case = SuspensionCase.objects.create(
        customer=customer,
        state="warned",
        opened_on=world.today,
        counts_from=invoice.due_date,
        overdue=invoice.incl,
    )
    CaseStep.objects.create(case=case, kind="warned", day=world.today)


STORIES = {
    "collection-batches": Story(a_batch_that_missed_its_hour, troubles, ["released"]),
    "debit-order-results": Story(
        a_batch_that_was_collected,
        collected,
        (["454.00"], {"booked"}, True),
        at='INSERT INTO "house_run"',  # a statement is kept, and nobody was told to book it
        before=True,
    ),
    "debit-notices": Story(
        a_debit_that_was_announced,
        lambda world: DebitNotice.objects.filter(sent_on=world.today).count(),
        1,
    ),
    "promises": Story(
        a_promise_that_was_broken,
        lambda world: [(one.state, one.decided_on == world.today) for one in Promise.objects.all()],
        [("broken", True)],
    ),
    "late-fees": Story(
        warned_today,
        lambda world: [str(one.amount) for one in CollectionFee.objects.filter(customer__code="FEE001")],
        ["75.00"],
    ),
    "mandates-lapse": Story(
        never_signed, lambda world: Mandate.objects.get(customer__code="MAN001").status, "lapsed"
    ),
}
