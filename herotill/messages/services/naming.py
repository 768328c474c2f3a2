"""The Message-ID of a mail of ours: from it alone it can be told which mail came back, whoever carried it."""

from __future__ import annotations

import re

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "herotill.messages.naming"
SHORTEST = 16  # letters of a name that nobody guesses
_OURS = re.compile(r"<([0-9]{1,18})\.([0-9a-f]{32})@[^<>\s]+>")
_SENT = re.compile(r"<?([^<>@\s]+)(?:@[^<>\s]*)?>?")


def message_id(message: int, domain: str) -> str:
    """How a mail is named; nobody can name one that they have not seen."""
    return f"<{message}.{_seal(message, settings.SECRET_KEY)}@{domain}>"


def named_by(text: str) -> int | None:
    """The message that a Message-ID names; None if we did not make it."""
    found = _OURS.fullmatch(text.strip())
    if not found:
        return None
    number, keys = int(found[1]), (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ours = any(constant_time_compare(_seal(number, key), found[2]) for key in keys)
    return number if ours else None


def ids_in(text: str) -> set[str]:
    """By what a mail service may have called it, where it put its own name in the place of ours."""
    said = text.strip()
    inner = _SENT.fullmatch(said)
    found = {said, said.strip("<>"), *([inner[1]] if inner else [])}
    return {each[:200] for each in found if len(each) >= SHORTEST}


def _seal(message: int, key: str | bytes) -> str:
    return salted_hmac(SALT, str(message), secret=key, algorithm="sha256").hexdigest()[:32]
