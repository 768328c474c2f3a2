"""The troubles that books may give us, each with what is to be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from herotill.integrations.http import NotSent, Uncertain

__all__ = ["Denied", "NotSent", "NotThere", "Refused", "Stopped", "Uncertain"]


class Refused(NotSent):
    """The books understood and said no: a locked period, a missing field. `why` are their words, one a line.

    `support_id` is what the partner asks for when something is to be found out.
    """

    def __init__(self, sentence: str, why: Sequence[str] = (), support_id: str = "") -> None:
        super().__init__(sentence, retry=False)
        self.why, self.support_id = tuple(why), support_id


class NotThere(Refused):
    """What was named does not stand there, or not in this company."""


class Denied(NotSent):
    """They do not let us in: user, password, key or subscription. No call is made again until a person acts."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, retry=False)


class Stopped(NotSent):
    """The allowed number of calls is used up, or they told us to stop. Nothing was sent; go on after `until`."""

    def __init__(self, sentence: str, until: datetime) -> None:
        super().__init__(sentence)
        self.until = until
