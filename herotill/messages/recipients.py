"""Who gets what: the app that knows customers says which addresses hold a purpose."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol


class Recipients(Protocol):
    """What the house asks whoever keeps customers."""

    def addresses(
        self, channel: str, wanted: Collection[tuple[int, str]]
    ) -> Mapping[tuple[int, str], list[str]]:
        """The email addresses, or cell numbers in E.164, of those who hold a purpose at a customer."""
        ...


class _Nobody:
    def addresses(
        self, channel: str, wanted: Collection[tuple[int, str]]
    ) -> Mapping[tuple[int, str], list[str]]:
        return {}


_who: list[Recipients] = [_Nobody()]


def provide(recipients: Recipients) -> None:
    """Say who knows the recipients; the last to say so counts."""
    _who.append(recipients)


def recipients() -> Recipients:
    return _who[-1]
