"""How long somebody waits who tries names and passwords.

A delay, never a lock: who is right gets in after it, whoever caused it.
"""

from __future__ import annotations

from dataclasses import dataclass

WINDOW = 15 * 60


@dataclass(frozen=True, slots=True)
class Scope:
    """What is counted: `free` tries pass at once within WINDOW seconds, each further one waits up to `longest`."""

    name: str
    free: int
    longest: int

    def delay(self, tries: int) -> int:
        """Seconds between two tries after `tries` of them: none, then 2, 4, 8 … up to `longest`."""
        beyond = tries - self.free
        return 0 if beyond <= 0 else min(2 ** min(beyond, 16), self.longest)


NAME_FROM_NETWORK = Scope("name from network", free=5, longest=300)
NETWORK = Scope("network", free=30, longest=60)
# Counted over all networks, but each waits by itself: a stranger's tries slow the owner and never shut them out.
NAME = Scope("name", free=10, longest=30)
SCOPES = (NAME_FROM_NETWORK, NETWORK, NAME)
