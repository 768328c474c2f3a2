"""How a service stands, in the words its customer knows: one state, the one that matters most. Pure."""

from __future__ import annotations

from datetime import datetime

WAITING, ONLINE, OFFLINE, NEVER = "waiting", "online", "offline", "never"
REDUCED, STOPPED, EMPTY = "reduced", "stopped", "empty"
SUSPENDED, CANCELLED = "suspended", "cancelled"
TONES = {
    ONLINE: "ok",
    REDUCED: "warn",
    STOPPED: "bad",
    EMPTY: "bad",
    SUSPENDED: "bad",
}


def state_of(
    *, state: str, expired: bool, capped: bool, when_capped: str, online: bool, seen: datetime | None
) -> str:
    """The account's own state first, then what its data allows, then whether it is connected."""
    if state != "active":
        return {"suspended": SUSPENDED, "cancelled": CANCELLED}.get(state, WAITING)
    if expired:
        return EMPTY
    if capped and when_capped == "block":
        return STOPPED
    if capped and when_capped == "reduce":
        return REDUCED
    if online:
        return ONLINE
    return OFFLINE if seen else NEVER
