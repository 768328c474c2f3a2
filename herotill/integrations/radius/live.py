"""CoA and Disconnect over UDP: to many routers at once, to each no faster than it takes, never one by one."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, cast

from pyrad import packet
from pyrad.packet import CoAPacket

from herotill import outward
from herotill.integrations import loops
from herotill.integrations.radius import dictionary
from herotill.integrations.radius.control import Reply, Request, Result, Router

log = logging.getLogger(__name__)
WAITS = (1.0, 2.0, 3.0)
"""Seconds until a request is sent again, and after the last until it counts as not answered."""
HOPELESS = 20
"""So many unanswered requests to a router that answered none, and the rest of them are not waited for."""
LEAST_AT_ONCE = 16
ACKS = (packet.CoAACK, packet.DisconnectACK)
IDS = 256


class UdpControl:
    """The adapter. `carry_out` returns when every request has its reply."""

    def __init__(self, waits: Sequence[float] = WAITS) -> None:
        self.waits = waits

    def carry_out(self, requests: Sequence[Request]) -> Sequence[Reply]:
        outward.ask()
        return loops.run(self._all(requests))

    async def _all(self, requests: Sequence[Request]) -> list[Reply]:
        by_router: dict[Router, list[Request]] = defaultdict(list)
        for one in requests:
            by_router[one.router].append(one)
        told = await asyncio.gather(
            *(_Talk(router, self.waits).hold(some) for router, some in by_router.items())
        )
        return [reply for some in told for reply in some]


class _Pace:
    """Gives turns, so many a second."""

    def __init__(self, per_second: int) -> None:
        self.gap, self.next = 1 / per_second, 0.0

    async def turn(self) -> None:
        now = asyncio.get_running_loop().time()
        at = max(now, self.next)
        self.next = at + self.gap
        await asyncio.sleep(at - now)


class _Lane(asyncio.DatagramProtocol):
    """One socket to a router: 256 requests can be under way on it, told apart by their id."""

    def __init__(self) -> None:
        self.free = list(range(IDS))
        self.waiting: dict[int, tuple[CoAPacket, asyncio.Future[packet.Packet]]] = {}
        self.transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: Any) -> None:
        """Take a reply that is signed with our secret; whatever else comes is not there."""
        asked, answer = self.waiting.get(data[1], (None, None)) if len(data) > 1 else (None, None)
        if asked is None or answer is None or answer.done():
            return
        try:
            reply = asked.CreateReply(packet=data)
            genuine = asked.VerifyReply(reply, data)
        except Exception:  # a packet from outside may be broken in any way
            genuine = False
        if genuine:
            answer.set_result(reply)

    def error_received(self, exc: Exception) -> None:
        """Nobody listens there: the same as silence."""


class _Talk:
    """All that goes to one router."""

    def __init__(self, router: Router, waits: Sequence[float]) -> None:
        self.router, self.waits, self.pace = router, waits, _Pace(router.per_second)
        self.lanes: list[_Lane] = []
        self.heard, self.silent = False, 0
        self.room = asyncio.Semaphore(max(LEAST_AT_ONCE, router.per_second // 2))

    async def hold(self, requests: Sequence[Request]) -> list[Reply]:
        try:
            return await asyncio.gather(*(self._ask(one) for one in requests))
        finally:
            for lane in self.lanes:
                lane.transport.close()

    async def _ask(self, request: Request) -> Reply:
        async with self.room:  # so that a repeat does not wait behind all that was not sent yet
            if self._hopeless():
                return Reply(request.reference, Result.SILENT)
            await self.pace.turn()
            return await self._on_a_lane(request)

    async def _on_a_lane(self, request: Request) -> Reply:
        try:
            lane = await self._lane()
        except OSError as trouble:
            log.warning("No way to the router %s: %s", self.router.address, trouble)
            return Reply(request.reference, Result.SILENT)
        number = lane.free.pop()
        try:
            return await self._send(request, lane, number)
        finally:
            lane.waiting.pop(number, None)
            lane.free.append(number)

    async def _send(self, request: Request, lane: _Lane, number: int) -> Reply:
        try:
            asked = _packet(request, number)
            raw = asked.RequestPacket()
        except Exception as trouble:  # a value that its attribute cannot hold
            log.warning("Request %s cannot be encoded: %s", request.reference, type(trouble).__name__)
            return Reply(request.reference, Result.UNSENT)
        answer: asyncio.Future[packet.Packet] = asyncio.get_running_loop().create_future()
        lane.waiting[number] = (asked, answer)
        for attempt, wait in enumerate(self.waits):
            if attempt:
                await self.pace.turn()
            lane.transport.sendto(raw)
            done, _ = await asyncio.wait([answer], timeout=wait)
            if done:
                self.heard = True
                return _read(request, answer.result())
            if self._hopeless():
                break
        self.silent += 1
        return Reply(request.reference, Result.SILENT)

    def _hopeless(self) -> bool:
        return not self.heard and self.silent >= HOPELESS

    async def _lane(self) -> _Lane:
        """A socket with room for one more; a new one where all are full."""
        for lane in self.lanes:
            if lane.free:
                return lane
        there = (self.router.address, self.router.port)
        _, lane = await asyncio.get_running_loop().create_datagram_endpoint(_Lane, remote_addr=there)
        self.lanes.append(lane)
        return lane


def known(attribute: str) -> bool:
    """Whether we can put this attribute on the wire."""
    return attribute in dictionary().attributes


def _packet(request: Request, number: int) -> CoAPacket:
    code = packet.CoARequest if request.change else packet.DisconnectRequest
    asked = CoAPacket(code, number, request.router.secret, dict=dictionary())
    for name, value in {**request.session, **request.change}.items():
        asked[name] = _value(name, value)
    if request.router.signed:
        asked.add_message_authenticator()
    return asked


def _value(name: str, value: str) -> Any:
    attribute = dictionary().attributes[name]
    return int(value) if attribute.type in ("integer", "short", "byte") and value.isdigit() else value


def _read(request: Request, reply: packet.Packet) -> Reply:
    if reply.code in ACKS:
        return Reply(request.reference, Result.DONE)
    raw = packet.Packet.get(reply, 101) or []
    cause = int.from_bytes(raw[0], "big") if raw and len(raw[0]) == 4 else None
    return Reply(request.reference, Result.REFUSED, cause)
