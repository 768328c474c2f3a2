"""Asterisk's log taken in and rated, or rated once there is a price list, against COPY of its lines and one SQL join."""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import IO, Any

from django.db import connection, transaction

from dataaccounts.models import CallProfile, DeckVersion, VoiceBundle, VoiceLine
from dataaccounts.services import calls
from herotill.bulk import copy_rows
from tests.bench.data import scratch
from tests.factories.calls import FIRST, make_deck, make_line, make_source

NOW = datetime(2026, 4, 2, 6, tzinfo=UTC)
BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
CALLS_A_LINE = 500
PREFIXES = (
    [f"27{area}" for area in range(10, 90)] + [f"2782{digit}" for digit in range(10)] + ["1", "44", "49"]
)
FLOOR = """
CREATE TEMP TABLE floor_read (row integer, raw text, start timestamptz, src text COLLATE "C", dst text COLLATE "C",
    seconds bigint);
"""
RATED = """
CREATE TABLE floor_calls AS
SELECT f.row, f.raw, l.id AS line, f.start, (f.start AT TIME ZONE 'Africa/Johannesburg')::date AS day, f.dst,
    f.seconds, s.destination, s.call_class, s.fee, s.rate,
    round(c.fee + c.rate * greatest(c.least_seconds, ceil(f.seconds::numeric / c.step_seconds) * c.step_seconds) / 60, 6)
        AS cost,
    round(s.fee + s.rate * greatest(s.least_seconds, ceil(f.seconds::numeric / s.step_seconds) * s.step_seconds) / 60, 6)
        AS price
FROM floor_read f
JOIN dataaccounts_voiceline l ON l.number = f.src
CROSS JOIN LATERAL (SELECT r.* FROM dataaccounts_deckrow r JOIN dataaccounts_deckversion v ON v.id = r.version_id
    WHERE v.deck_id = %(sell)s AND r.kind = 'e164'
      AND r.prefix IN (left(f.dst, 4), left(f.dst, 5), left(f.dst, 2), left(f.dst, 1))
    ORDER BY length(r.prefix) DESC LIMIT 1) s
CROSS JOIN LATERAL (SELECT r.* FROM dataaccounts_deckrow r JOIN dataaccounts_deckversion v ON v.id = r.version_id
    WHERE v.deck_id = %(cost)s AND r.kind = 'e164'
      AND r.prefix IN (left(f.dst, 4), left(f.dst, 5), left(f.dst, 2), left(f.dst, 1))
    ORDER BY length(r.prefix) DESC LIMIT 1) c
"""


@dataclass(frozen=True)
class RatingBench:
    """`size` answered calls of a month, of a line for every 500 of them; a tenth of the lines have a bundle.

    With `late` the file is there already and the price list comes after it: what is measured is the month rated.
    """

    name: str = "voice.rating"
    late: bool = False
    own_data: bool = True

    def run(self, size: int) -> dict[str, Any]:
        with scratch(), tempfile.TemporaryFile() as log:
            profile = _furnish(max(1, size // CALLS_A_LINE))
            _write(log, size)
            work = _rating_late(profile, log, size) if self.late else _taking_in(profile, log, size)
            before, began = _memory(), time.perf_counter()
            work()
            seconds, memory = time.perf_counter() - began, _memory()
            floor = _floor(size)
        return {
            "bench": self.name,
            "n": size,
            "seconds": round(seconds, 3),
            "per_second": round(size / seconds),
            "floor_seconds": round(floor, 3),
            "ratio": round(seconds / floor, 2),
            "memory_mb": memory,
            "grew_mb": memory - before,
        }


def _taking_in(profile: CallProfile, log: IO[bytes], size: int) -> Callable[[], None]:
    def work() -> None:
        outcome = calls.import_file(profile=profile, file=log, name="Master.csv", actor=None, now=NOW)
        assert outcome.outcomes == {"billable": size}, outcome

    return work


def _rating_late(profile: CallProfile, log: IO[bytes], size: int) -> Callable[[], None]:
    """The file taken in without a price list, which is there after that; what rates its calls then."""
    _price_list_from(NOW.date())
    outcome = calls.import_file(profile=profile, file=log, name="Master.csv", actor=None, now=NOW)
    left = outcome.outcomes["unrated"]  # all but calls to a line of ours
    assert left > size * 0.99, outcome
    _price_list_from(FIRST)

    def work() -> None:
        assert calls.settle() == left

    return work


def _price_list_from(day: date) -> None:
    DeckVersion.objects.filter(deck__side="sell").update(valid_from=day)


def _memory() -> int:
    """The most this process held so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _furnish(lines: int) -> CallProfile:
    rows = [
        (prefix, f"To {prefix}", "mobile" if len(prefix) == 5 else "geographic", "0.6") for prefix in PREFIXES
    ]
    source = make_source(cost_deck=make_deck("cost", rows))
    make_deck("sell", rows)
    first = make_line(_number(0), source=source)
    VoiceLine.objects.bulk_create(
        VoiceLine(
            customer_id=first.customer_id,
            number=_number(place),
            package_id=first.package_id,
            source=source,
            state="active",
            starts_on=first.starts_on,
        )
        for place in range(1, lines)
    )
    tenth = VoiceLine.objects.order_by("pk").values_list("pk", flat=True)[::10]
    VoiceBundle.objects.bulk_create(
        VoiceBundle(line_id=line, call_class="mobile", minutes=100) for line in tenth
    )
    return CallProfile.objects.create(
        source=source,
        name="Asterisk",
        kind="asterisk_master",
        trunk_channel_regex="^(PJSIP|SIP)/trunk-",
        line_match=["accountcode", "src"],
    )


def _number(place: int) -> str:
    return f"2787{place:07}"


def _called(n: int) -> str:
    return f"27{n % 80 + 10}{n * 7919 % 10_000_000:07}"


def _start(n: int, size: int) -> str:
    return f"{BEGAN + timedelta(seconds=n * 2_592_000 // size):%Y-%m-%d %H:%M:%S}"


def _write(file: IO[bytes], size: int) -> None:
    lines = max(1, size // CALLS_A_LINE)
    for n in range(size):
        start, source, called, length = _start(n, size), _number(n % lines), _called(n), n % 600 + 1
        file.write(
            f'"","+{source}","{called}","from-internal","""Office"" <{source}>","PJSIP/10-{n:08x}",'
            f'"PJSIP/trunk-alpha-{n:08x}","Dial","PJSIP/{called}@trunk-alpha,300,T","{start}","{start}","{start}",'
            f'{length + 9},{length},"ANSWERED","DOCUMENTATION","1772311080.{n}",""\n'.encode()
        )
    file.seek(0)


def _floor(size: int) -> float:
    lines = max(1, size // CALLS_A_LINE)
    rows = [
        (n, "x" * 260, f"{_start(n, size)}+02", _number(n % lines), _called(n), n % 600 + 1)
        for n in range(size)
    ]
    given = {"sell": 0, "cost": 0}
    with connection.cursor() as cursor:
        for side in given:
            cursor.execute("SELECT id FROM dataaccounts_deck WHERE side = %s", [side])
            given[side] = cursor.fetchone()[0]
        with transaction.atomic():
            began = time.perf_counter()
            cursor.execute(FLOOR)
            copy_rows("floor_read", ("row", "raw", "start", "src", "dst", "seconds"), rows)
            cursor.execute("ANALYZE floor_read")
            cursor.execute(RATED, given)
    return time.perf_counter() - began
