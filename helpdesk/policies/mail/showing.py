"""What is shown of a message: subject, date, text, attachments, and what has to be told about them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from . import attachments, html, parsing, words
from .known import Attachment, House, Limits
from .parts import Part, shortened

NO_SUBJECT = "(no subject)"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Shown:
    subject: str
    date: datetime
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    refused: tuple[tuple[str, str], ...]
    flags: frozenset[str]


def shown(message: EmailMessage, root: Part, *, house: House, now: datetime) -> Shown:
    subject, flags = subject_of(message, house.limits.subject_chars)
    date = date_of(message, now, house.limits)
    if date is None:
        flags.add("date_replaced")
    root = shortened(root)
    leaves = list(root.leaves())
    bodies = [part for part in leaves if part.is_body]
    pages = [part.decoded.text for part in bodies if part.content_type == "text/html"]
    text, page = words.shown(root, reply_marker=house.reply_marker)
    kept, refused = attachments.sorted_out(
        [part for part in leaves if not part.is_body], bodies=pages, house=house
    )
    flags |= _of_parts(root, leaves, bodies, pages) | (set() if text.strip() else {"empty_body"})
    return Shown(subject, date or now.astimezone(UTC), text, page, kept, refused, frozenset(flags))


def _of_parts(root: Part, leaves: Sequence[Part], bodies: Sequence[Part], pages: Sequence[str]) -> set[str]:
    flags = {flag for part in bodies for flag in part.decoded.flags}
    flags |= {flag for page in pages for flag in html.flags_of(page)}
    if any(part.content_type == "text/calendar" for part in leaves):
        flags.add("calendar")
    if root.any_malformed():
        flags.add("malformed_mime")
    return flags


def subject_of(message: EmailMessage, longest: int) -> tuple[str, set[str]]:
    text = parsing.text_of(message, "Subject") or ""
    flags = {"subject_cleaned"} if _CONTROLS.search(text.replace("\t", " ")) else set()
    return " ".join(_CONTROLS.sub(" ", text).split())[:longest] or NO_SUBJECT, flags


def date_of(message: EmailMessage, now: datetime, limits: Limits) -> datetime | None:
    """When it was written; None if it does not say, or cannot be."""
    try:
        date = parsedate_to_datetime(parsing.text_of(message, "Date") or "")
        date = (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    too_early = date < now - timedelta(days=limits.date_past_days)
    too_late = date > now + timedelta(hours=limits.date_future_hours)
    return None if too_early or too_late else date
