"""Why a session ended, in the words of people instead of RADIUS's (RFC 2866, 5.10)."""

from __future__ import annotations

_WORDS = {
    "User-Request": "Hung up",
    "Lost-Carrier": "Line lost",
    "Lost-Service": "Service lost",
    "Idle-Timeout": "Idle too long",
    "Session-Timeout": "Longest time reached",
    "Admin-Reset": "Cut by us",
    "Admin-Reboot": "Router restarted by us",
    "Port-Error": "Port error",
    "NAS-Error": "Router error",
    "NAS-Request": "Ended by the router",
    "NAS-Reboot": "Router restarted",
    "Stale-Session": "Lost sight of",
}


def cause_in_words(cause: str | None) -> str:
    """`Line lost` for Lost-Carrier; what is not known stays as the router said it."""
    return _WORDS.get(cause or "", cause or "")
