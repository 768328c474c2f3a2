"""The worker that carries out what is owed to sessions: takes orders, speaks to the routers, tells what came of it.

Nothing is held open while it speaks. An order may be carried out twice where a worker was killed between the
two; a second cut finds no session, a second change changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from dataaccounts.models import Nas, SessionOrder
from dataaccounts.policies.session_answers import Verdict, judge
from dataaccounts.selectors import live_attributes
from dataaccounts.services import session_claims
from dataaccounts.services.session_claims import Claim, Taken
from dataaccounts.services.session_orders import JOB
from herotill import outward
from herotill.integrations.radius.control import Control, Reply, Request, Result, Router
from herotill.integrations.radius.live import UdpControl
from herotill.jobs import count, nudge

LONGEST = 45.0
"""Seconds after which a job makes room for others and has itself called again."""


def control() -> Control:
    """The way to routers."""
    return UdpControl()


def carry_out(now: datetime) -> str:
    """The job that does what is owed to sessions."""
    if not outward.allowed():
        return outward.HELD
    started, counts = time.monotonic(), dict.fromkeys(SessionOrder.State.values, 0)
    while True:
        passed = time.monotonic() - started
        if passed > LONGEST:
            nudge(JOB)
            break
        claim = session_claims.take(now=now + timedelta(seconds=passed))
        if not claim.nas_ids:
            break
        for verdict in _do(claim, now, started):
            counts[verdict.state] += 1
    count(**counts)
    labels = dict(SessionOrder.State.choices)
    return ", ".join(f"{labels[state]}: {count}" for state, count in counts.items() if count)


def _do(claim: Claim, now: datetime, started: float) -> list[Verdict]:
    """Carry a claim out and give it back."""
    replies = _ask(claim.orders, control())
    at = now + timedelta(seconds=time.monotonic() - started)
    verdicts = [
        (order, judge(reply=reply, change=bool(gave), gave=gave, tries=order.tries, now=at))
        for order, reply, gave in replies
    ]
    session_claims.tell(verdicts=verdicts, now=at)
    session_claims.give_back(claim=claim, now=at)
    return [verdict for _, verdict in verdicts]


def _ask(orders: Sequence[Taken], way: Control) -> list[tuple[Taken, Reply, str]]:
    """Each order's reply and what was changed in words; whoever takes no change is cut instead."""
    routers = _routers({order.nas_id for order in orders})
    values = live_attributes.of([(order.username or "", order.nas_id) for order in _changes(orders)])
    asked = {order.id: _request(order, routers, values) for order in orders if order.nas_id in routers}
    said = {reply.reference: reply for reply in way.carry_out(list(asked.values()))}
    unable = [one for one in asked.values() if one.change and _unable(said[one.reference])]
    cuts = [Request(one.reference, one.router, one.session) for one in unable]
    said |= {reply.reference: reply for reply in way.carry_out(cuts)} if cuts else {}
    cut = {one.reference for one in cuts}
    return [
        (order, said.get(order.id, Reply(order.id, Result.UNSENT)), _words(asked, cut, order.id))
        for order in orders
    ]


def _changes(orders: Sequence[Taken]) -> list[Taken]:
    return [order for order in orders if order.kind == SessionOrder.Kind.CHANGE]


def _unable(reply: Reply) -> bool:
    return reply.unsupported or reply.result == Result.UNSENT


def _words(asked: Mapping[int, Request], cut: set[int], reference: int) -> str:
    if reference in cut or reference not in asked:
        return ""
    return ", ".join(f"{name} {value}" for name, value in asked[reference].change.items())


def _routers(nas_ids: set[int]) -> dict[int, Router]:
    """Where each of these routers is spoken to; one without a secret is not there."""
    secrets = live_attributes.secrets_of(nas_ids)
    return {
        nas.pk: Router(
            address=nas.address,
            port=nas.coa_port,
            per_second=nas.coa_per_second,
            secret=secrets[nas.pk].encode(),
            signed=nas.require_message_authenticator,
        )
        for nas in Nas.objects.filter(pk__in=secrets)
    }


def _request(
    order: Taken, routers: Mapping[int, Router], values: Mapping[tuple[str, int], Mapping[str, str]]
) -> Request:
    """A change where the router's make can do all of it live, otherwise a cut."""
    session = {
        "User-Name": order.username or "",
        "Acct-Session-Id": order.session_id,
        "Framed-IP-Address": order.ip or "",
    }
    named = {name: value for name, value in session.items() if value}
    change = values.get((order.username or "", order.nas_id), {}) if order.kind == "change" else {}
    return Request(order.id, routers[order.nas_id], named, change)
