"""Whatever happens to packets on their way, usage by day is what the model's router says, and never more."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataaccounts.models import UsageDay, UsageHour
from dataaccounts.policies.metering import Counters, Packet, Stretch, meter, origin
from dataaccounts.services import usage_import
from tests.dataaccounts.radius_sql import account
from tests.factories import make_customer
from tests.factories.data import make_account, make_nas

pytestmark = pytest.mark.django_db
HERE = ZoneInfo("Africa/Johannesburg")
BEGAN = int(datetime(2018, 8, 31, 20, tzinfo=UTC).timestamp())  # two hours before August ends
NOW = datetime(2018, 9, 3, tzinfo=UTC)
EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "60"))


@dataclass
class Sent:
    """One packet of the model router: its kind, its moment, its counters, and what was used since the last."""

    kind: str
    at: int
    seconds: int
    input: int
    output: int
    reset: bool = False
    told: bool = True


@dataclass
class Router:
    """A router with one session: what it sent, and what was truly used between packets."""

    sent: list[Sent] = field(default_factory=list)

    def run(self, gaps: list[tuple[int, int, int, bool]], stops: bool, silent_stop: bool) -> None:
        at, up, down = BEGAN, 0, 0
        self.sent.append(Sent("start", at, 0, 0, 0))
        for number, (gap, used_up, used_down, resets) in enumerate(gaps):
            at += gap
            up, down = (used_up + 1, used_down + 1) if resets else (up + used_up, down + used_down)
            last = stops and number == len(gaps) - 1
            self.sent.append(
                Sent(
                    "stop" if last else "interim",
                    at,
                    at - BEGAN,
                    up,
                    down,
                    resets,
                    not (last and silent_stop),
                )
            )


def spread(first: int, last: int, used: int) -> dict[date, Fraction]:
    """Octets by local day, evenly over the seconds: the truth, without rounding."""
    first = min(first, last - 1)
    found: dict[date, Fraction] = defaultdict(Fraction)
    while first < last:
        day = datetime.fromtimestamp(first, HERE).date()
        turn = datetime.combine(day + timedelta(days=1), datetime.min.time(), HERE)
        until = min(last, int(turn.timestamp()))
        found[day] += Fraction(used * (until - first), 1)
        first = until
    return found


def truth(arrived: list[Sent]) -> tuple[dict[date, Fraction], dict[date, Fraction], int]:
    """Download by day and upload by day of the packets that arrived, each difference over its own seconds."""
    known = sorted(
        {id(one): one for one in arrived if one.told and one.kind != "start"}.values(), key=lambda p: p.at
    )
    downs: dict[date, Fraction] = defaultdict(Fraction)
    ups: dict[date, Fraction] = defaultdict(Fraction)
    was = Sent("start", BEGAN, 0, 0, 0)
    for one in known:
        went_back = one.input < was.input or one.output < was.output
        used = (one.input, one.output) if went_back else (one.input - was.input, one.output - was.output)
        for by_day, octets in ((ups, used[0]), (downs, used[1])):
            for day, share in spread(was.at, one.at, octets).items():
                by_day[day] += share / (one.at - was.at)
        was = one
    return downs, ups, len(known)


def in_doubt(arrived: list[Sent]) -> bool:
    """Whether one counter alone went back: it may have overflowed, or both began anew."""
    known = sorted((one for one in arrived if one.told), key=lambda one: one.at)
    pairs = pairwise(known)
    return any((a.input > b.input) != (a.output > b.output) for a, b in pairs)


def very_late(arrived: list[Sent]) -> bool:
    """Whether a packet came after two that were sent after it."""
    return any(
        len({other.at for other in arrived[:place] if other.at > one.at and other.told}) > 1
        for place, one in enumerate(arrived)
    )


def used_in_truth(sent: list[Sent]) -> tuple[int, int]:
    """Octets that really went over the line, those of lost packets and before resets too."""
    down = up = 0
    for was, one in pairwise(sent):
        down += one.output if one.reset else one.output - was.output
        up += one.input if one.reset else one.input - was.input
    return down, up


GAPS = st.lists(
    st.tuples(
        st.integers(1, 20_000),
        st.integers(0, 3 * 2**32),
        st.integers(0, 3 * 2**32),
        st.sampled_from([False] * 8 + [True]),
    ),
    min_size=1,
    max_size=8,
)


@st.composite
def stories(draw: st.DrawFn) -> tuple[Router, list[Sent], list[int]]:
    """A router's packets; what arrives of them, in which order; after how many of those somebody imports."""
    router = Router()
    router.run(draw(GAPS), draw(st.booleans()), draw(st.booleans()))
    arrived = [one for one in router.sent for _ in range(draw(st.sampled_from([0, 1, 1, 1, 1, 2])))]
    keys = [(place + draw(st.sampled_from([0, 0, 0, 1.5, 2.5])), place) for place in range(len(arrived))]
    arrived = [arrived[place] for _, place in sorted(keys)]
    stop = next((n for n, one in enumerate(arrived) if one.kind == "stop"), len(arrived))
    pauses = draw(st.lists(st.integers(0, len(arrived)), max_size=3))
    return router, arrived[: stop + 1], pauses


def deliver(arrived: list[Sent], pauses: list[int], at_once: int) -> None:
    for number, one in enumerate(arrived):
        if number in pauses:
            usage_import.run(now=NOW, at_once=at_once)
        octets = (one.input, one.output) if one.told else (0, 0)
        account(one.kind, one.at, input=octets[0], output=octets[1], seconds=one.seconds)
    usage_import.run(now=NOW, at_once=at_once)
    usage_import.run(now=NOW, at_once=at_once)


@pytest.fixture
def line(db: None) -> int:
    make_nas()
    return make_account(make_customer("Alice Liddel", "ALI001")).pk


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=stories(), at_once=st.sampled_from([1, 2, 1000]))
def test_usage_by_day_is_the_models_and_never_more(
    line: int, story: tuple[Router, list[Sent], list[int]], at_once: int
) -> None:
    router, arrived, pauses = story
    with transaction.atomic():
        deliver(arrived, pauses, at_once)
        days = {row.day: (row.download, row.upload) for row in UsageDay.objects.filter(account_id=line)}
        hours = sum(row.download for row in UsageHour.objects.filter(account_id=line))
        transaction.set_rollback(True)
    assert hours == sum(down for down, _ in days.values())
    really = used_in_truth(router.sent)
    assert sum(down for down, _ in days.values()) <= really[0]
    assert sum(up for _, up in days.values()) <= really[1]
    if in_doubt(arrived) or (very_late(arrived) and (at_once < 1000 or pauses)):
        return
    downs, ups, packets = truth(arrived)
    for day in {*days, *downs, *ups}:
        down, up = days.get(day, (0, 0))
        assert abs(down - downs.get(day, Fraction())) <= packets + 1
        assert abs(up - ups.get(day, Fraction())) <= packets + 1
    assert sum(down for down, _ in days.values()) == sum(downs.values())
    assert sum(up for _, up in days.values()) == sum(ups.values())


@given(GAPS)
def test_packets_one_by_one_are_the_same_as_together(gaps: list[tuple[int, int, int, bool]]) -> None:
    router = Router()
    router.run(gaps, stops=False, silent_stop=False)
    packets = [Packet(one.at, one.seconds, one.input, one.output) for one in router.sent]
    together = meter(origin(packets[0]), packets)
    counters: Counters = origin(packets[0])
    stretches: list[Stretch] = []
    for packet in packets:
        one = meter(counters, [packet])
        counters, stretches = one.counters, [*stretches, *one.stretches]
    assert (counters, stretches) == (together.counters, together.stretches)


@pytest.mark.parametrize("octets", [0, 1, 7, 10**13, -(10**13) - 1])
def test_shares_add_up_and_undo_themselves(octets: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(dataaccounts_share(%s, n + 1, 97) - dataaccounts_share(%s, n, 97)), "
            "max(abs(dataaccounts_share(%s, n, 97) - %s::numeric * n / 97)), "
            "bool_and(dataaccounts_share(%s, n, 97) = -dataaccounts_share(-%s::bigint, n, 97)) "
            "FROM generate_series(0, 96) n",
            [octets] * 6,
        )
        total, off, opposite = cursor.fetchone()
    assert (total, opposite) == (octets, True)
    assert off < 1
