"""What stands around the demo's tickets: files, the mails they came as, and what customers thought of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from io import BytesIO
from random import Random

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from helpdesk.demo.words import COMMENTS
from helpdesk.models import InboundMail, Mailbox, Post, PostFile, Rating, Ticket
from herotill.clock import local
from herotill.users.models import User

STARS = (5, 5, 5, 5, 4, 4, 4, 3, 2, 1)
MAILS, FILES = 30, 8
UNKNOWN = (
    ("Boeta Fourie", "boeta@example.org", "My line is down", "Hallo\n\nMy line is down. Account of my wife."),
    (
        "Guest House Karoo",
        "info@karoo-guest.example.org",
        "Quote",
        "Please quote us for 20 rooms.\n\nRegards",
    ),
)


def make_around(tickets: Sequence[Ticket], chance: Random, now: datetime) -> None:
    """Files, mails and ratings of these tickets."""
    _files(tickets, now)
    _ratings(tickets, chance)
    box = Mailbox.objects.order_by("pk").first()
    if box:
        _mails([one for one in tickets if one.origin == Ticket.Origin.EMAIL][-MAILS:], box)
        _unknown(box, now)


def _files(tickets: Sequence[Ticket], now: datetime) -> None:
    """A picture of the router on some of the newest tickets."""
    content = _lights()
    newest = [one for one in tickets if one.origin != Ticket.Origin.STAFF][-FILES:]
    for post in Post.objects.filter(ticket__in=newest, kind=Post.Kind.SAID).order_by("ticket_id", "pk"):
        if post.at == post.ticket.opened_at:
            PostFile.objects.create(
                post=post,
                file=ContentFile(content, name="router.png"),
                filename="router.png",
                content_type="image/png",
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
            )


def _lights() -> bytes:
    """A router with its lights, one of them red."""
    picture = Image.new("RGB", (320, 120), "#333a44")
    draw = ImageDraw.Draw(picture)
    for place, colour in enumerate(("#3ecf6b", "#3ecf6b", "#e5484d", "#555d68")):
        draw.ellipse((30 + place * 70, 45, 60 + place * 70, 75), fill=colour)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _ratings(tickets: Sequence[Ticket], chance: Random) -> None:
    """Every third closed ticket was rated; somebody acknowledged all but the newest."""
    manager = User.objects.filter(username="manager").first()
    closed = [one for one in tickets if one.state == Ticket.State.CLOSED and one.customer_id]
    rated = [one for one in closed if chance.random() < 0.35]
    ratings = [
        _rating(one, chance, manager if place < len(rated) - 4 else None) for place, one in enumerate(rated)
    ]
    Rating.objects.bulk_create(ratings)


def _rating(ticket: Ticket, chance: Random, acknowledges: User | None) -> Rating:
    stars, at = chance.choice(STARS), (ticket.closed_at or ticket.opened_at) + timedelta(minutes=40)
    return Rating(
        customer=ticket.customer,
        kind=Rating.Kind.TICKET,
        subject_id=ticket.pk,
        about=ticket.assignee,
        department=ticket.department,
        asked_at=ticket.closed_at or ticket.opened_at,
        stars=stars,
        comment=chance.choice(COMMENTS[stars]),
        submitted_at=at,
        by_name=ticket.requester_name,
        acknowledged_by=acknowledges,
        acknowledged_at=at + timedelta(hours=20) if acknowledges else None,
    )


def _mails(tickets: Sequence[Ticket], box: Mailbox) -> None:
    """The mails that the newest of those by mail began with."""
    for ticket in tickets:
        post = ticket.posts.earliest("at", "pk")
        _mail(
            box, ticket.requester_name, ticket.requester_email, ticket.subject, post.text, post.at, post=post
        )


def _unknown(box: Mailbox, now: datetime) -> None:
    """Two mails that wait for a decision, and one that a machine wrote."""
    for hours, (name, address, subject, text) in enumerate(UNKNOWN, start=2):
        at = now - timedelta(hours=hours)
        _mail(box, name, address, subject, text, at, outcome="triage", reason="unknown_sender")
    away, at = ("Out of office", "I am back on Monday."), now - timedelta(hours=9)
    _mail(box, "Bob", "bob@example.org", *away, at, outcome="ignored", reason="auto_submitted")


def _mail(
    box: Mailbox,
    name: str,
    address: str,
    subject: str,
    text: str,
    at: datetime,
    *,
    post: Post | None = None,
    outcome: str = "new_ticket",
    reason: str = "",
) -> None:
    message_id = f"<demo-{hashlib.sha256(f'{address}{at}'.encode()).hexdigest()[:16]}@example.org>"
    raw = EmailMessage()
    raw["From"], raw["To"], raw["Subject"] = f"{name} <{address}>", box.address, subject
    raw["Date"], raw["Message-ID"] = local(at), message_id
    raw.set_content(text)
    content = raw.as_bytes()
    InboundMail.objects.create(
        mailbox=box,
        received_at=at,
        key=hashlib.sha256(message_id.encode()).hexdigest(),
        message_id=message_id,
        raw=ContentFile(content, name="message.eml"),
        size=len(content),
        outcome=outcome,
        reason=reason,
        sender=address,
        sender_name=name,
        subject=subject,
        sent_at=at,
        ticket=post.ticket if post else None,
        post=post,
        customer=post.ticket.customer if post else None,
    )
