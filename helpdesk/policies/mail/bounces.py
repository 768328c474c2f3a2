"""Reports of mail that could not be delivered: whom it did not reach, and which of ours it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage

from . import parsing
from .parts import Part

_RECIPIENT = re.compile(r"\s*rfc822\s*;(.*)", re.IGNORECASE | re.DOTALL)
_BLANK = re.compile(rb"(?:\r\n|\n|\r(?!\n))(?:[ \t]*(?:\r\n|\n|\r(?!\n)))+")
_RETURNED = ("message/rfc822", "text/rfc822-headers")


def is_report(message: EmailMessage) -> bool:
    return (parsing.text_of(message, "Content-Type") or "").partition(";")[0].strip().lower() == (
        "multipart/report"
    )


def failed_recipients(root: Part) -> tuple[str, ...]:
    """The addresses that the report says are reached no more, in lower case, once each."""
    parts = [part for part in root.leaves() if part.content_type == "message/delivery-status"]
    found = {address for part in parts for address in _failed(part.content)}
    return tuple(sorted(found - {""}))


def _failed(content: bytes) -> Iterator[str]:
    for block in _BLANK.split(content.strip()):
        headers = parsing.only_headers(block + b"\n\n")
        action = (parsing.text_of(headers, "Action") or "").partition("(")[0]
        recipient = _RECIPIENT.match(parsing.text_of(headers, "Final-Recipient") or "")
        if action.strip().lower() == "failed" and recipient:
            yield parsing.without_controls(recipient[1]).strip().strip("<>").lower()


def returned_id(root: Part) -> str:
    """The Message-ID of the mail that came back, as it stands; empty if it does not say."""
    for part in root.leaves():
        if part.content_type in _RETURNED:
            headers = parsing.only_headers(part.content.lstrip())
            return parsing.without_controls(parsing.text_of(headers, "Message-ID") or "")
    return ""
