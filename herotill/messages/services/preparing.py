"""Making messages ready to go: to whom, whether now, and in which words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.db import transaction
from django.utils.timezone import get_current_timezone

from herotill.messages.models import Message
from herotill.messages.policies import rendering, texting
from herotill.messages.policies.timing import quiet_hours, quiet_until
from herotill.messages.recipients import recipients
from herotill.messages.selectors.wordings import Wordings, current
from herotill.messages.services import claiming, consent
from herotill.messages.templates import SMS, Attachment, Template, house_fields, providers, templates

NOBODY = {
    "email": "Nobody there holds this purpose and has an email address.",
    "sms": "Nobody there holds this purpose and has a cell number.",
}
NOT_THERE = "Waits until what goes with it is stored."
NO_CONSENT = "Nobody recorded that marketing is wanted here."
QUIET = "Waits for the end of the quiet hours."
GONE = "There is no such template any more."
OPT_OUT = "opt_out"
WAY_OUT = {"email": "\n\nNo more of these: {opt_out}\n", "sms": "\nNo more of these: answer STOP."}


@dataclass
class Letter:
    """A message with its words. `open` values go out, `kept` ones have "[link]" for what is secret."""

    message: Message
    template: Template
    wording: tuple[str, str, int | None]
    values: Mapping[str, str]
    secrets: Mapping[str, str]

    @cached_property
    def subject(self) -> str:
        return rendering.head(self.wording[0], self._open)

    @cached_property
    def text(self) -> str:
        return self._plain(self._open)

    @cached_property
    def kept_subject(self) -> str:
        return rendering.head(self.wording[0], self._kept)

    @cached_property
    def kept_text(self) -> str:
        return self._plain(self._kept)

    @cached_property
    def html(self) -> str:
        fields = self.template.by_name
        links = {name for name, field in fields.items() if field.link} | {OPT_OUT}
        return rendering.html(self._whole, self._open, links, self._several)

    @property
    def _whole(self) -> str:
        """The text, and for marketing the way out of it."""
        way_out = WAY_OUT[self.template.channel] if self.template.marketing else ""
        return self.wording[1].rstrip() + way_out if way_out else self.wording[1]

    def _plain(self, values: Mapping[str, str]) -> str:
        text = rendering.plain(self._whole, values, self._several)
        return texting.normalised(text) if self.template.channel == SMS else text

    @property
    def _several(self) -> set[str]:
        return {name for name, field in self.template.by_name.items() if field.bank or field.several}

    @property
    def _open(self) -> dict[str, str]:
        return {**self.values, **self.secrets}

    @property
    def _kept(self) -> dict[str, str]:
        fields = self.template.by_name
        secret = {name for name in self.secrets if name == OPT_OUT or fields[name].secret}
        return {**self._open, **dict.fromkeys(secret, rendering.LINK)}

    @property
    def attachments(self) -> Iterator[Attachment]:
        """Its files. Raises whatever their provider does where one cannot be read."""
        for name in self.message.attachments:
            if self.message.subject_id is not None:
                yield providers[name].fetch(self.message.subject_id)


def ready(*, messages: Sequence[Message], now: datetime) -> list[Message]:
    """Those that can go out now; the others are addressed, put off or dropped, each with its reason."""
    known = [one for one in messages if one.template in templates]
    claiming.drop([one for one in messages if one.template not in templates], state="failed", why=GONE)
    return _stored(_wanted(_addressed(known, now), now), now)


def _addressed(messages: Sequence[Message], now: datetime) -> list[Message]:
    """Find recipients for those that go by purpose; each further one gets a message of its own."""
    nameless = [one for one in messages if not one.address]
    if not nameless:
        return list(messages)
    for channel in {one.channel for one in nameless}:
        _address([one for one in nameless if one.channel == channel], channel, now)
    return [one for one in messages if one.address]


@transaction.atomic
def _address(messages: Sequence[Message], channel: str, now: datetime) -> None:
    wanted = {(one.customer_id, one.purpose) for one in messages if one.customer_id is not None}
    found = recipients().addresses(channel, wanted)
    ids = [one.pk for one in messages]
    still = Message.objects.filter(pk__in=ids, state="waiting", address="").select_for_update(of=("self",))
    mine = set(still.values_list("pk", flat=True))
    extra: list[Message] = []
    for one in messages:
        addresses = found.get((one.customer_id or 0, one.purpose), [])
        if one.pk not in mine or not addresses:
            continue
        one.address, *others = dict.fromkeys(addresses)
        extra += [_copy(one, address, now) for address in others]
    Message.objects.bulk_update([one for one in messages if one.address], ["address"])
    Message.objects.bulk_create(extra)
    claiming.drop([one for one in messages if not one.address], state="failed", why=NOBODY[channel])


def _copy(message: Message, address: str, now: datetime) -> Message:
    same = "template channel purpose customer_id subject_kind subject_id context attachments queued_by rank".split()
    values = {name: getattr(message, name) for name in same}
    return Message(
        **values, address=address, split_from=message.pk, queued_at=message.queued_at, next_try_at=now
    )


def _wanted(messages: Sequence[Message], now: datetime) -> list[Message]:
    """Marketing goes to those who said yes, outside the quiet hours; everything else always."""
    marketing = [one for one in messages if templates[one.template].marketing]
    if not marketing:
        return list(messages)
    yes = consent.wanting(marketing[0].channel, [one.address for one in marketing])
    unwanted = [one for one in marketing if consent.folded(one.address) not in yes]
    claiming.drop(unwanted, state="suppressed", why=NO_CONSENT)
    end = quiet_until(now, quiet_hours(settings.QUIET_HOURS), get_current_timezone())
    if end:
        claiming.put_off([one for one in marketing if one not in unwanted], until=end, now=now, why=QUIET)
    held = marketing if end else unwanted
    return [one for one in messages if one not in held]


def _stored(messages: Sequence[Message], now: datetime) -> list[Message]:
    """Those whose files exist; the others wait, which counts as no try."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for one in messages:
        for name in one.attachments:
            wanted[name].add(one.subject_id or 0)
    there = {name: providers[name].ready(sorted(ids)) for name, ids in wanted.items()}
    missing = [
        one for one in messages if any((one.subject_id or 0) not in there[name] for name in one.attachments)
    ]
    claiming.put_off(missing, until=None, now=now, why=NOT_THERE)
    return [one for one in messages if one not in missing]


def letters(messages: Sequence[Message], *, now: datetime) -> list[Letter]:
    """Their words, without what is secret; a few queries for all of them."""
    wordings = current({one.template for one in messages})
    house = {one.name: one.value() for one in house_fields}
    looked_up = _looked_up(messages, now)
    return [_letter(one, wordings, house, looked_up.get(one.pk, {})) for one in messages]


def _looked_up(messages: Iterable[Message], now: datetime) -> dict[int, Mapping[str, str]]:
    by_template: dict[str, list[Message]] = defaultdict(list)
    for one in messages:
        by_template[one.template].append(one)
    found: dict[int, Mapping[str, str]] = {}
    for name, group in by_template.items():
        if values := templates[name].values:
            found.update(values(group, now))
    return found


def _letter(
    message: Message, wordings: Wordings, house: Mapping[str, str], looked_up: Mapping[str, str]
) -> Letter:
    template = templates[message.template]
    given = {name: str(value) for name, value in message.context.items()}
    return Letter(message, template, wordings[template.name], {**house, **looked_up, **given}, {})


def sealed(letter: Letter, *, now: datetime) -> Letter:
    """The letter with what is secret in it, made for this try. Raises DomainError where it is too late for it."""
    if letter.template.secrets:
        letter.secrets = letter.template.secrets(letter.message, now)
    if letter.template.marketing:
        letter.secrets = {
            **letter.secrets,
            OPT_OUT: consent.link(letter.message.channel, letter.message.address),
        }
    return letter
