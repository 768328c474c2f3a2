"""Whatever people do in whatever order: the ledger holds, every day of the past adds up, and every day of
what customers are billed for every month is billed once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, invariant, multiple, rule, run_state_machine_as_test

from billing.models import (
    Document,
    Hold,
    ItemPrice,
    Line,
    MonthEnd,
    PriceNotice,
    RecurringItem,
    Rules,
    Waiver,
)
from billing.selectors import charging as reads
from billing.services import (
    charging,
    drafting,
    drafts,
    holds,
    issuing,
    month_end,
    own_month,
    price_notices,
    recurring,
)
from herotill.errors import DomainError
from herotill.months import Month
from herotill.reference.models import Price
from tests.billing.ledger_machine import Ledger
from tests.factories.items import make_item
from tests.factories.products import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.money]

DAY = timedelta(days=1)
JANUARY, LATEST = Month(2018, 1), Month(2018, 9)
around = st.integers(1, 26) | st.integers(-70, 50)  # days from the first of the month that is billed next
prices = st.integers(100, 900).map(Decimal)
modes = st.sampled_from(["daily", "daily", "daily", "full", "none"])


class Office(Ledger):
    """The same two customers, who also have things that are billed month by month."""

    invoices, items = Bundle("invoices"), Bundle("items")

    @initialize(target=items, until=st.integers(1, 26), ends=st.none() | st.integers(0, 90))
    def people(self, until, ends):  # type: ignore[override]
        super().people()
        self.month = JANUARY
        self.products = [make_product("UNC10"), make_product("VOIP", "350.00")]
        self.notice = timedelta(days=Rules.objects.get().notice_days)
        lines = {"product": 0, "starts": 0, "price": None, "pro_rata": "daily"}
        return multiple(
            self.order(first=True, until=until, length=None, **lines),
            self.order(first=False, until=None, length=ends, **lines),
        )

    def day(self, away: int) -> date:
        return self.month.first + timedelta(days=away)

    def everybody(self) -> list[int]:
        return [self.alice.pk, self.bob.pk]

    @rule(
        target=items,
        first=st.booleans(),
        product=st.integers(0, 1),
        starts=st.integers(-31, 40),
        length=st.none() | st.integers(0, 120),
        price=st.none() | prices,
        pro_rata=modes,
        until=st.none() | st.integers(1, 26),
    )
    def order(self, first, product, starts, length, price, pro_rata, until):
        starts_on = self.day(starts)
        return make_item(
            self.who(first),
            self.products[product],
            price=price,
            starts_on=starts_on,
            ends_on=None if length is None else starts_on + timedelta(days=length),
            pro_rata=pro_rata,
            discount=0 if until is None else 20,
            discount_until=None if until is None else self.day(until),
        ).pk

    @rule(item=items, amount=prices, away=around, agreed=st.booleans(), told=st.none() | st.integers(0, 60))
    def price_of_its_own(self, item, amount, away, agreed, told):
        found = RecurringItem.objects.filter(pk=item).first()
        try:
            price = recurring.set_price(
                item=found or RecurringItem(pk=item),
                amount=amount,
                starts_on=self.day(away),
                agreed=agreed,
                actor=None,
            )
        except DomainError:
            return
        if told is not None:
            PriceNotice.objects.get_or_create(
                item_price=price,
                defaults={
                    "customer_id": found.customer_id,
                    "queued_at": timezone.now(),
                    "sent_on": self.day(-told),
                },
            )

    @rule(product=st.integers(0, 1), amount=prices, away=around, told=st.none() | st.integers(0, 60))
    def price_of_a_product(self, product, amount, away, told):
        price, new = Price.objects.get_or_create(
            product=self.products[product], starts_on=self.day(away), defaults={"amount": amount}
        )
        if new and told is not None:
            price_notices.announce(price=price, actor=None, now=timezone.now())
            PriceNotice.objects.filter(sent_on=None).update(sent_on=self.day(-told))

    @rule(item=items, whole=st.booleans(), away=around, length=st.integers(0, 80))
    def hold(self, item, whole, away, length):
        found = RecurringItem.objects.filter(pk=item).first()
        if found is None:
            return
        days = {"first": self.day(away), "last": self.day(away + length)}
        with saying_no("already"):
            holds.add(
                customer=found.customer, item=None if whole else found, reason="Away", actor=None, **days
            )

    @rule(pick=st.integers(0, 50), today=st.integers(-31, 20))
    def lift(self, pick, today):
        put = list(Hold.objects.order_by("pk"))
        with saying_no("over", "without the days held"):
            if put:
                holds.withdraw(hold=put[pick % len(put)], today=self.day(today), actor=None)

    @rule(item=items, away=around, charged=st.booleans())
    def end(self, item, away, charged):
        if charged:
            self.charge()
        found = RecurringItem.objects.filter(pk=item).first()
        lately = self.month.plus(-charging.CATCH_UP).first - DAY
        if found is None or (found.ends_on and found.ends_on < lately):
            return  # What ended so long ago is ordered anew.
        with saying_no("begins", "billed"):
            recurring.end(item=found, last_day=self.day(away), actor=None)

    @rule(item=items)
    def delete(self, item):
        with saying_no("billed", "deleted"):
            recurring.delete(item=RecurringItem(pk=item), actor=None)

    @rule(item=items, back=st.integers(-1, 1))
    def waive(self, item, back):
        month = self.month.plus(back).first
        with saying_no("billed", "already", "deleted"):
            recurring.waive(item=RecurringItem(pk=item), month=month, reason="Sorry", actor=None)

    @rule()
    def charge(self):
        charging.charge(charging.plan(self.month), reads.owners_of(self.everybody()))

    @rule(first=st.booleans())
    def generate_by_hand(self, first):
        own_month.generate(customer=self.who(first), month=self.month, actor=None)

    @rule()
    def clear(self):
        charging.clear(customers=self.everybody(), month=self.month)

    @rule()
    def draft_the_month(self):
        first = self.month.first
        drafting.draft(
            customers=self.everybody(), period=first, upto=first, dated=self.month.last, actor=None
        )

    @rule()
    def take_drafts_back(self):
        month_end.undo_drafts(MonthEnd(period=self.month.first), self.drafted())

    @rule(pick=st.integers(0, 50), waive=st.booleans())
    def take_off_a_draft(self, pick, waive):
        self.charge()
        self.draft_the_month()
        on_drafts = list(Line.objects.filter(document__in=self.drafted()).exclude(source="").order_by("pk"))
        if on_drafts:
            line = on_drafts[pick % len(on_drafts)]
            then = drafts.WAIVE if waive else drafts.WAIT
            drafts.remove_line(
                document=line.document, line=line, seen="", actor=None, then=then, reason="Sorry"
            )

    def drafted(self) -> list[int]:
        made = Document.objects.filter(status="draft", kind="invoice", period__isnull=False)
        return list(made.values_list("pk", flat=True))

    @rule(target=invoices)
    def issue_drafts(self):
        filled = set(Line.objects.filter(document__in=self.drafted()).values_list("document_id", flat=True))
        issuing.issue(documents=filled, actor=None, now=timezone.now())
        return multiple(*Document.objects.filter(pk__in=filled).order_by("pk"))

    @rule(target=invoices)
    def bill(self):
        """The month's run from end to end, and on to the next month."""
        if self.month > LATEST:
            return multiple()
        self.charge()
        self.draft_the_month()
        self.month = self.month.next
        return self.issue_drafts()

    @invariant()
    def no_day_is_billed_twice(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT a.text, b.text FROM billing_line a JOIN billing_line b ON a.item_id = b.item_id"
                " AND a.source = b.source AND a.id < b.id AND a.first <= b.last AND b.first <= a.last"
            )
            assert cursor.fetchall() == []

    @invariant()
    def nothing_rises_untold(self):
        """Each step up in what an item is billed at was agreed to, or told long enough before its month."""
        last: dict[int, Decimal] = {}
        for line in Line.objects.filter(source="item").order_by("first"):
            if line.unit_price > last.get(line.item_id, line.unit_price):
                assert self.may_rise(line), f"{line.text} at {line.unit_price}"
            last[line.item_id] = line.unit_price

    def may_rise(self, line: Line) -> bool:
        own = ItemPrice.objects.filter(
            item=line.item_id, amount__gte=line.unit_price, starts_on__lte=line.last
        )
        told = PriceNotice.objects.filter(sent_on__lte=line.period - self.notice)
        listed = Price.objects.filter(product=line.product_id, amount__gte=line.unit_price)
        return (
            own.filter(agreed=True).exists()
            or told.filter(item_price__in=own).exists()
            or told.filter(price__in=listed, customer=line.for_customer_id or line.customer_id).exists()
        )

    def at_the_end(self):
        for _ in range(charging.CATCH_UP + 1):
            self.charge()
            self.draft_the_month()
            self.issue_drafts()
            self.month = self.month.next
        self.sound()
        left = Line.objects.filter(source="item", period__lt=self.month.first)
        assert not left.exclude(document__status="issued").exists(), "Charges that no invoice took."
        for item in RecurringItem.objects.select_related("product"):
            self.is_billed_to_the_day(item)
        super().at_the_end()

    def is_billed_to_the_day(self, item: RecurringItem) -> None:
        """Every day of the item is billed once, or held or waived; as whole months where it says so."""
        lines = Line.objects.filter(source="item", item_id=item.pk)
        billed = Counter(day for line in lines for day in days_of(line.first, line.last))
        last = min(item.ends_on or LATEST.last, self.month.first - DAY)
        waived = Waiver.objects.filter(item_id=item.pk).values_list("period", flat=True)
        held = {
            day
            for hold in Hold.objects.filter(customer=item.customer_id, item=None)
            for day in days_of(hold.first, hold.last)
        }
        held |= {day for hold in item.holds.all() for day in days_of(hold.first, hold.last)}
        due = [day for day in days_of(item.starts_on, last) if day.replace(day=1) not in waived]
        free = [day for day in due if day not in held]
        if item.pro_rata == "daily":
            assert [day for day in due if billed[day] != (day not in held)] == [], (
                "Days not billed, or held and billed."
            )
        elif item.pro_rata == "full":
            months = {Month.of(day) for day in free}
            assert months <= {Month.of(line.period) for line in lines}, "Months not billed."
        else:
            counted = Counter(Month.of(day) for day in free)
            whole = [month for month, days in counted.items() if days == month.length]
            assert [month for month in whole if not billed[month.first]] == [], "Whole months not billed."
        assert min(billed, default=item.starts_on) >= item.starts_on


@contextmanager
def saying_no(*words: str) -> Iterator[None]:
    """The service may refuse, in these words."""
    try:
        yield
    except DomainError as no:
        if not any(word in str(no) for word in words):
            raise


def days_of(first: date, last: date) -> list[date]:
    return [first + n * DAY for n in range((last - first).days + 1)]


def test_the_ledger_holds_and_every_day_is_billed_once_whatever_is_done():
    run_state_machine_as_test(
        Office,
        settings=settings(
            max_examples=20,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
