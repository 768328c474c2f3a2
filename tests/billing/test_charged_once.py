"""Months of an item that stand in two lines: what waits is made anew whole, and no day is missed or billed twice."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from billing.models import Document, Line, Waiver
from billing.selectors import charging as reads
from billing.services import charging, drafting, drafts, issuing, own_month, recurring
from herotill.errors import DomainError
from tests.factories import make_customer, make_person
from tests.factories.items import AUGUST, make_item

pytestmark = [pytest.mark.django_db, pytest.mark.money]
NOW = datetime(2018, 8, 31, 8, tzinfo=UTC)


def charge(item):
    charging.charge(charging.plan(AUGUST), reads.owners_of([item.customer_id]))


def draft(item):
    first = AUGUST.first
    [made] = drafting.draft(
        customers=[item.customer_id], period=first, upto=first, dated=AUGUST.last, actor=None
    )
    return Document.objects.get(pk=made)


def bill(item):
    charge(item)
    issuing.issue(documents=[draft(item).pk], actor=None, now=NOW)


def days():
    return list(Line.objects.order_by("first").values_list("first__day", "last__day"))


@pytest.fixture
def halves():
    """Alice's line in August: a discount until the 15th, so that the month stands in two lines."""
    return make_item(make_customer("Alice Liddel"), discount=20, discount_until=date(2018, 8, 15))


def test_an_item_that_ends_in_its_second_half_is_billed_up_to_its_end(halves):
    charge(halves)
    recurring.end(item=halves, last_day=date(2018, 8, 20), actor=None)
    charge(halves)
    assert days() == [(1, 15), (16, 20)]


def test_an_end_that_moves_while_its_month_waits_is_billed_up_to_the_new_one():
    item = make_item(make_customer("Alice Liddel"), ends_on=date(2018, 8, 15))
    charge(item)
    recurring.end(item=item, last_day=date(2018, 8, 31), actor=None)
    charge(item)
    assert days() == [(1, 31)]


def test_an_end_that_moves_after_its_month_was_billed_is_refused_with_the_way_out():
    item = make_item(make_customer("Alice Liddel"), ends_on=date(2018, 8, 15))
    bill(item)
    with pytest.raises(DomainError, match="Add it anew from 2018-08-16"):
        recurring.end(item=item, last_day=date(2018, 9, 30), actor=None)
    item.refresh_from_db()
    assert item.ends_on == date(2018, 8, 15)


@pytest.mark.parametrize("pro_rata", ["daily", "full"])
def test_an_end_moves_back_where_its_whole_month_was_billed(pro_rata):
    ends_on = date(2018, 8, 15) if pro_rata == "full" else None
    item = make_item(make_customer("Alice Liddel"), pro_rata=pro_rata, ends_on=ends_on)
    bill(item)
    recurring.end(item=item, last_day=date(2018, 8, 20), actor=None)
    assert recurring.end(item=item, last_day=date(2018, 9, 30), actor=None) == ""


@pytest.mark.parametrize("half", [0, 1])
def test_a_half_taken_off_a_draft_takes_the_other_along_and_both_are_made_anew(halves, half):
    charge(halves)
    made, thandi = draft(halves), make_person("Thandi")
    line = made.lines.order_by("first")[half]
    drafts.remove_line(document=made, line=line, seen="", actor=thandi)
    made.refresh_from_db()
    assert (made.incl, made.lines.count()) == (0, 0)
    own_month.generate(customer=halves.customer, month=AUGUST, actor=None)
    assert days() == [(1, 15), (16, 31)]


def test_a_month_that_is_waived_is_waived_whole(halves):
    charge(halves)
    made, thandi = draft(halves), make_person("Thandi")
    waive = {"then": drafts.WAIVE, "reason": "The line was down"}
    drafts.remove_line(document=made, line=made.lines.all()[0], seen="", actor=thandi, **waive)
    charge(halves)
    assert (days(), Waiver.objects.count()) == ([], 1)
