"""What a session used between two of its packets. Pure.

Counters only grow, so usage is what they grew by. A packet tells the moment, the session's own clock (seconds
since it began) and two counters; it may come late, twice, out of order or not at all. What is counted is never
more than was used: where a packet can be read in two ways, the smaller reading counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

LONGEST = 62 * 86400  # seconds; what a session first seen says it lasted is believed up to this
WRAPS, HALF = 1 << 32, 1 << 31


@dataclass(frozen=True, slots=True)
class Packet:
    """What one packet says: a moment in seconds since 1970, the session's seconds, and its counters."""

    at: int
    seconds: int | None
    input: int
    output: int


@dataclass(frozen=True, slots=True)
class Counters:
    """A session's counters when it was last heard of, and before: where its last stretch began."""

    at: int
    seconds: int | None
    input: int
    output: int
    was_at: int
    was_input: int
    was_output: int

    @classmethod
    def known(cls, at: int, input: int, output: int, seconds: int | None = None) -> Counters:
        """Counters with nothing known of before."""
        return cls(at, seconds, input, output, at, input, output)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Octets used evenly from one moment to another; negative where an earlier stretch is taken back."""

    first: int
    last: int
    input: int
    output: int


@dataclass(frozen=True, slots=True)
class Metered:
    """What packets came to: counters to go on from, what was used when, and whether counters began anew."""

    counters: Counters
    stretches: Sequence[Stretch]
    resets: int = 0


def origin(packet: Packet) -> Counters:
    """A session of which this packet is the first: it began with nothing, so long before."""
    began = packet.at - min(packet.seconds or 0, LONGEST)
    return Counters.known(began, 0, 0, None if packet.seconds is None else 0)


def meter(known: Counters, packets: Iterable[Packet]) -> Metered:
    """Count some packets, in the order of their moments."""
    stretches: list[Stretch] = []
    counters, resets = known, 0
    for packet in packets:
        one = _take(counters, packet)
        counters, resets = one.counters, resets + one.resets
        stretches += one.stretches
    return Metered(counters, stretches, resets)


def _take(known: Counters, packet: Packet) -> Metered:
    if not packet.input and not packet.output and (known.input or known.output):
        return Metered(known, ())  # it tells no counters, as a Stop may
    if _is_late(known, packet):
        return _divide(known, packet)
    return _go_on(known, packet)


def _is_late(known: Counters, packet: Packet) -> bool:
    """Whether it was sent before what is known. The session's own clock knows best: nobody sets it."""
    back = packet.input < known.input or packet.output < known.output
    if packet.seconds is None or known.seconds is None:
        return packet.at < known.at or (packet.at == known.at and back)
    if packet.seconds == known.seconds:
        return packet.at < known.at or back
    # Less than before is late, unless a new session goes by an old one's key.
    return packet.seconds < known.seconds and packet.at - packet.seconds < known.at


def _divide(known: Counters, packet: Packet) -> Metered:
    """A late packet within the last stretch says how that was used; one from before it says nothing new."""
    if not known.was_at < packet.at < known.at:
        return Metered(known, ())
    was = (known.was_input, known.was_output)
    mid, now = (packet.input, packet.output), (known.input, known.output)
    undone = [-octets for octets in _used(was, now)]
    parts = (
        Stretch(known.was_at, known.at, *undone),
        Stretch(known.was_at, packet.at, *_used(was, mid)),
        Stretch(packet.at, known.at, *_used(mid, now)),
    )
    return Metered(replace(known, was_at=packet.at, was_input=packet.input, was_output=packet.output), parts)


def _go_on(known: Counters, packet: Packet) -> Metered:
    before, after = (known.input, known.output), (packet.input, packet.output)
    last = packet.at if packet.at > known.at else known.at + _lasted(known, packet)
    if last == known.at and before == after:
        return Metered(known, ())
    used = _used(before, after)
    counters = Counters(last, packet.seconds, *after, known.at, *before)
    stretches = (Stretch(known.at, last, *used),) if any(used) else ()
    return Metered(counters, stretches, int(after[0] < before[0] or after[1] < before[1]))


def _lasted(known: Counters, packet: Packet) -> int:
    if packet.seconds is None or known.seconds is None:
        return 0
    return max(0, packet.seconds - known.seconds)


def _used(before: tuple[int, int], after: tuple[int, int]) -> tuple[int, int]:
    """What both counters grew by. Where one went back, both have begun anew.

    A single one that goes back from beyond the half of 32 bits may have overflowed in a router that cannot count
    further: then the other went on, and what it says counts as far as it grew.
    """
    back = [now < was for was, now in zip(before, after, strict=True)]
    overflowed = sum(back) == 1 and HALF <= before[back.index(True)] < WRAPS
    anew = any(back) and not overflowed
    up, down = (
        now if gone or anew else now - was for was, now, gone in zip(before, after, back, strict=True)
    )
    return up, down
