"""Mailed links by which people set their password: asked for, sent, used once.

Asking writes one row, whoever was named; sending, later, finds out whether there is anybody to send to.
So a door answers a known and an unknown name alike and equally fast.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from herotill import links as addresses
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.messages.services import outbox
from herotill.users import identities, sessions
from herotill.users.doors import DOORS, Door
from herotill.users.models import AccessLink, User
from herotill.users.services import mail

KEPT, HOUR, MOST = timedelta(days=30), timedelta(hours=1), 5  # links mailed to one address within an hour
BATCH = 100
ABOUT = "access_link"
WHY = {
    ("staff", False): "somebody, hopefully you, asked to set a new password for your log-in {username}.",
    ("staff", True): "somebody who administers HeroTill asks you to set a password.",
    ("portal", False): "somebody, hopefully you, asked for a new password for our customer portal.",
    ("portal", True): "here is your way into our customer portal.",
}


def ask(*, door: Door, name: str) -> AccessLink:
    """Somebody at a door says they forgot their password."""
    return AccessLink.objects.create(door=door.kind, asked_for=name.strip()[:254])


def owe(*, user: User, email: str, actor: User | None, template: str = "") -> AccessLink:
    """Write down that a link to set a password is to go to `email`, and the mail that will carry it."""
    link = make(user=user, email=email, actor=actor)
    _queue(link, template)
    return link


def make(*, user: User, email: str, actor: User | None) -> AccessLink:
    """A link that nobody is mailed; `hand_out` gives its address."""
    if not user.is_active:
        raise DomainError("This log-in is switched off; switch it on first.")
    if not email:
        raise DomainError("There is no email address to send the link to.")
    return AccessLink.objects.create(door=user.kind, user=user, email=email, asked_by=actor)


def _queue(link: AccessLink, template: str = "") -> None:
    customer = identities.identity().customer(link.user) if link.user and link.door == "portal" else None
    outbox.queue(
        template=template or f"{link.door}-link",
        to=link.email,
        customer_id=customer.pk if customer else None,
        subject_kind=ABOUT,
        subject_id=link.pk,
        actor_id=link.asked_by_id,
    )


def answer_asked(*, now: datetime) -> int:
    """Owe a link to everybody who was named at a door; returns how many that are."""
    asked = AccessLink.objects.filter(user=None, sent_at=None, ended_at=None, used_at=None)
    return sum(_answer(key, now) for key in list(asked.order_by("id").values_list("pk", flat=True)[:BATCH]))


@transaction.atomic
def _answer(key: int, now: datetime) -> int:
    asked = AccessLink.objects.filter(pk=key, ended_at=None).select_for_update(skip_locked=True, of=("self",))
    link = asked.first()
    if link is None:
        return 0
    answers = AccessLink.objects.bulk_create(_answers(link))
    for one in answers:
        _queue(one)
    AccessLink.objects.filter(pk=key).update(ended_at=now)
    return len(answers)


def _answers(link: AccessLink) -> Iterator[AccessLink]:
    """A link for everybody whom the typed name or email means, unless they were mailed enough of them lately.

    Those they have go on working, so nobody is kept out by who asks in their name.
    """
    for user, email in _meant_at_portal(link) if link.door == AccessLink.Door.PORTAL else _meant_staff(link):
        lately = AccessLink.objects.filter(user=user, email=email, asked_at__gt=link.asked_at - HOUR)
        if lately.count() < MOST:
            yield AccessLink(door=link.door, user=user, email=email)


def _meant_staff(link: AccessLink) -> Iterator[tuple[User, str]]:
    by_email = User.objects.filter(email__iexact=link.asked_for)
    people = by_email if "@" in link.asked_for else User.objects.by_name(link.asked_for)
    for user in people.filter(kind=User.Kind.STAFF, is_active=True).exclude(email=""):
        yield user, user.email


def _meant_at_portal(link: AccessLink) -> Iterator[tuple[User, str]]:
    who = identities.identity()
    if "@" in link.asked_for:
        for user in who.by_email(link.asked_for):
            # To the address we know: what was typed may only look like it, and be somebody else's.
            yield from (
                (user, email) for email in who.emails(user) if email.lower() == link.asked_for.lower()
            )
        return
    for user in User.objects.by_name(link.asked_for).filter(kind=User.Kind.PORTAL, is_active=True):
        for email in who.emails(user):
            yield user, email


def hand_out(*, link: AccessLink, now: datetime) -> str:
    """Make the link and return its address, which is kept nowhere."""
    door = DOORS[link.door]
    token = addresses.new()
    expires = now + timedelta(hours=_hours(door))
    AccessLink.objects.filter(pk=link.pk).update(
        token_hash=addresses.hashed(token), sent_at=now, expires_at=expires
    )
    return addresses.address(door.link_name, token)


def words(messages: Sequence[Message], now: datetime) -> Mapping[int, Mapping[str, str]]:
    """What the mails with links say of those who get them."""
    ids = [one.subject_id for one in messages]
    found = AccessLink.objects.select_related("user").in_bulk(ids)
    return {one.pk: _words(found[one.subject_id]) for one in messages if one.subject_id in found}


def _words(link: AccessLink) -> dict[str, str]:
    name, username = str(link.user), str(link.user and link.user.username)
    why = WHY[link.door, link.asked_by_id is not None].format(username=username)
    return {"name": name, "username": username, "why": why}


def seal(message: Message, now: datetime) -> Mapping[str, str]:
    """The address of a link, made as it goes out. Raises DomainError for one that was used or ended meanwhile."""
    open_ones = AccessLink.objects.filter(used_at=None, ended_at=None, user__is_active=True)
    link = open_ones.filter(pk=message.subject_id or 0).first()
    if link is None:
        raise DomainError("This link was used or ended before it was sent.")
    until = now + timedelta(hours=_hours(DOORS[link.door]))
    return {"link": hand_out(link=link, now=now), "until": mail.moment(until)}


def _hours(door: Door) -> int:
    return settings.PORTAL_LINK_HOURS if door.kind == User.Kind.PORTAL else settings.STAFF_LINK_HOURS


def find(*, door: Door, token: str, now: datetime) -> AccessLink | None:
    """The link with this token if it still opens something at this door."""
    link = (
        AccessLink.objects.select_related("user")
        .filter(
            door=door.kind,
            token_hash=addresses.hashed(token),
            used_at=None,
            ended_at=None,
            expires_at__gt=now,
        )
        .first()
    )
    return link if link and link.user and link.user.is_active else None


@transaction.atomic
def use(*, door: Door, token: str, password: str, now: datetime) -> User:
    """Set the password, once. Ends the person's log-ins and their other links, and tells them.

    Raises DomainError if the link was used, ended or is too old.
    """
    AccessLink.objects.select_for_update().filter(token_hash=addresses.hashed(token)).first()
    link = find(door=door, token=token, now=now)
    if link is None or link.user is None:
        raise DomainError("This link no longer works. Ask for a new one.")
    user = link.user
    AccessLink.objects.filter(pk=link.pk).update(used_at=now)
    user.set_password(password)
    user.save(update_fields=["password"])
    sessions.end_all(user_id=user.pk)
    identities.identity().proved(user=user, email=link.email, now=now)
    mail.owe(
        to=[link.email],
        template="password-set",
        now=now,
        name=str(user),
        username=user.username,
        what="set",
        when=mail.moment(now),
    )
    return user


def forget_old(*, now: datetime) -> int:
    """Delete links that were over a month ago; returns how many."""
    over = Q(ended_at__lt=now - KEPT) | Q(used_at__lt=now - KEPT) | Q(expires_at__lt=now - KEPT)
    return AccessLink.objects.filter(over).delete()[0]
