"""SMS: letters handed to the gateway that is switched on, as many in a call as it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from herotill import outward
from herotill.errors import DomainError
from herotill.integrations.http import NotSent, Uncertain
from herotill.integrations.sms import Gateway, Taken, Text
from herotill.messages.models import Message
from herotill.messages.policies import texting
from herotill.messages.services import claiming
from herotill.messages.services.preparing import Letter, letters, sealed

SILENT = "The gateway said nothing about it. It may have gone out."


def send(*, messages: Sequence[Message], gateway: Gateway, now: datetime) -> int:
    """Send what is ready; returns how many the gateway took."""
    outward.ask()
    ready = iter(letters(messages, now=now))
    total = 0
    while some := list(islice(ready, gateway.at_once)):
        total += _send(some, gateway, now)
    return total


def _send(ready: Sequence[Letter], gateway: Gateway, now: datetime) -> int:
    begun = claiming.begin(messages=[one.message for one in ready], gateway=gateway.name, now=now)
    going = list(_sealed([one for one in ready if one.message in begun], now))
    if not going:
        return 0
    texts = [Text(one.message.address, one.text, str(one.message.pk)) for one in going]
    try:
        taken = {one.reference: one for one in gateway.send(texts)}
    except NotSent as no:
        for one in going:
            claiming.not_sent(one.message, why=str(no), now=now, retry=no.retry)
        return 0
    except Uncertain as trouble:
        for one in going:
            claiming.uncertain(one.message, why=str(trouble), now=now, repeatable=gateway.repeatable)
        return 0
    return sum(_outcome(one, taken.get(str(one.message.pk)), now) for one in going)


def _sealed(ready: Sequence[Letter], now: datetime) -> Iterator[Letter]:
    for one in ready:
        try:
            yield sealed(one, now=now)
        except DomainError as no:
            claiming.void(one.message, why=str(no))


def _outcome(letter: Letter, taken: Taken | None, now: datetime) -> int:
    message = letter.message
    if taken is None:
        claiming.uncertain(message, why=SILENT, now=now, repeatable=False)
        return 0
    if not taken.accepted:
        claiming.not_sent(message, why=taken.error or "The gateway refused it.", now=now, retry=False)
        return 0
    claiming.sent(
        message,
        now=now,
        gateway_id=taken.gateway_id,
        parts=taken.parts or texting.size(letter.text).parts,
        cost=taken.cost,
        body=letter.kept_text,
        version=letter.wording[2],
    )
    return 1
