"""What holds of quotes whatever is done with them: sums, discounts, and the way from draft to its end."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from herotill.errors import DomainError
from herotill.money import ZERO
from tests.factories.products import make_product
from tests.factories.workflow import NOON, link_of, make_lead, make_quote
from workflow.models import Acceptance, DeclineReason, Quote
from workflow.policies import quoting
from workflow.selectors import quotes as reading
from workflow.services import quotes

pytestmark = pytest.mark.money
State = Quote.State
FREELY = Decimal(100)
PRICES = st.decimals(min_value=0, max_value=99_999, places=2)
SHARES = st.decimals(min_value=0, max_value=100, places=2)
QUIET = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
LINES = st.lists(
    st.tuples(
        PRICES,
        st.integers(1, 50),
        SHARES,
        st.booleans(),
        st.booleans(),
        st.sampled_from(["standard", "zero"]),
    ),
    min_size=1,
    max_size=6,
)


@given(PRICES, PRICES, SHARES)
def test_below_the_list_is_what_it_is(listed, price, discount):
    below = quoting.below_list(listed, price, discount)
    assert discount <= below <= 100 or listed == 0
    if listed > 0:
        paid = listed * (100 - below) / 100
        assert paid <= price * (100 - discount) / 100 or price > listed


@given(
    PRICES,
    st.integers(1, 999),
    SHARES,
    st.booleans(),
    st.sampled_from([Decimal(0), Decimal(14), Decimal(15)]),
)
def test_a_line_adds_up_to_the_cent(price, quantity, discount, with_vat, rate):
    found = quoting.amounts(
        quantity=quantity, price=price, discount=discount, includes_vat=with_vat, rate=rate
    )
    assert found.excl + found.vat == found.incl
    worth = price * quantity * (100 - discount) / 100
    given_amount = found.incl if with_vat else found.excl
    assert abs(given_amount - worth) <= Decimal("0.005")


class Sums(TestCase):
    """Whatever stands on it, a quote's sums are its lines', once and monthly apart."""

    @QUIET
    @given(LINES)
    def test_sums_are_those_of_the_lines(self, wanted):
        quote = quotes.begin(lead=make_lead("Alice Liddel"), actor=None, now=NOON)
        for number, (price, quantity, discount, monthly, with_vat, vat_class) in enumerate(wanted):
            product = make_product(f"P{number}", str(price), price_includes_vat=with_vat, vat_class=vat_class)
            quotes.add_line(
                quote=quote,
                product=product,
                monthly=monthly,
                quantity=quantity,
                discount=discount,
                most=FREELY,
            )
        lines = list(quote.lines.all())
        if len(lines) > 2:
            quotes.remove_line(line=lines.pop())
        quote.refresh_from_db()
        for monthly, sums in (
            (False, (quote.once_excl, quote.once_vat, quote.once)),
            (True, (quote.monthly_excl, quote.monthly_vat, quote.monthly)),
        ):
            own = [line for line in lines if line.monthly is monthly]
            assert sums == tuple(
                sum((getattr(line, name) for line in own), ZERO) for name in ("excl", "vat", "incl")
            )
        quotes.send(quote=quote, to="alice@isp.example", actor=None, now=NOON)
        sent = Quote.objects.get(pk=quote.pk)
        assert (sent.once, sent.monthly) == (quote.once, quote.monthly)


DEEDS = st.lists(
    st.sampled_from(
        ["send", "accept", "decline", "revise", "withdraw", "expire", "resend", "by hand", "line"]
    ),
    min_size=1,
    max_size=12,
)


class Ways(TestCase):
    """Whatever is tried in whatever order, a quote is in one state, answered once, and stands as it was sent."""

    @QUIET
    @given(DEEDS)
    def test_a_quote_goes_its_way(self, deeds):
        lead = make_lead("Alice Liddel", email="alice@isp.example", step_id="quote-new")
        quote, now = make_quote(lead, sent=False), NOON
        papers: dict[int, str] = {}
        for deed in deeds:
            now += timedelta(minutes=1)
            newest = Quote.objects.filter(number=quote.number).order_by("-version")[0]
            try:
                with transaction.atomic():
                    now = do(deed, newest, now)
            except DomainError:
                pass
            check(quote.number, papers)


def do(deed: str, quote: Quote, now):
    who = {"actor": None, "now": now}
    if deed == "send":
        quotes.send(quote=quote, to="alice@isp.example", **who)
    elif deed == "accept":
        quotes.accept(token=link_of(quote), name="Alice", details={}, address="", browser="", now=now)
    elif deed == "by hand":
        quotes.accept_by_hand(quote=quote, name="Alice", document="Paper", details={}, **who)
    elif deed == "decline":
        quotes.decline(token=link_of(quote), reason=DeclineReason.objects.first(), words="", now=now)
    elif deed == "revise":
        quotes.revise(quote=quote, **who)
    elif deed == "withdraw":
        quotes.withdraw(quote=quote)
    elif deed == "resend":
        quotes.resend(quote=quote, to="alice@isp.example", **who)
    elif deed == "expire":
        now += timedelta(days=31)
        quotes.expire_due(now=now)
    else:
        quotes.add_line(
            quote=quote, product=make_product(f"X{now:%d%H%M%j}{quote.pk}", "1.00"), monthly=False
        )
    return now


def check(number: int, papers: dict[int, str]) -> None:
    every = list(Quote.objects.filter(number=number).order_by("version"))
    assert [one.version for one in every] == list(range(1, len(every) + 1))
    assert sum(one.state == State.DRAFT for one in every) <= 1
    assert sum(one.state in (State.SENT, State.ACCEPTED) for one in every) <= 1
    accepted = [one.pk for one in every if one.state == State.ACCEPTED]
    assert list(Acceptance.objects.filter(quote__number=number).values_list("quote", flat=True)) == accepted
    for one in every:
        if one.pdf_sha256:
            assert papers.setdefault(one.pk, one.pdf_sha256) == one.pdf_sha256
        assert reading.is_answerable(one, one.day) is (one.state == State.SENT)


class States(TestCase):
    """The database itself knows the way."""

    @QUIET
    @given(st.sampled_from(State.values), st.sampled_from(State.values))
    def test_no_other_way_than_these(self, first, then):
        allowed = {("draft", "sent"), ("draft", "withdrawn")}
        allowed |= {("sent", end) for end in ("accepted", "declined", "expired", "replaced", "withdrawn")}
        quote = make_quote(make_lead("Alice Liddel", email="alice@isp.example"), sent=first != "draft")
        if first == "accepted":
            quotes.accept_by_hand(quote=quote, name="A", document="P", details={}, actor=None, now=NOON)
        elif first not in ("draft", "sent"):
            Quote.objects.filter(pk=quote.pk).update(state=first)
        may = first == then or (first, then) in allowed - {("draft", "sent")}
        try:
            with transaction.atomic():
                Quote.objects.filter(pk=quote.pk).update(state=then)
                transaction.set_rollback(True)
        except IntegrityError:
            assert not may
        else:
            assert may
