"""What nobody means and anybody can send, under whatever name a view asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.datastructures import MultiValueDict

Texts = Callable[[str], str]
NUL, DIGITS = "a\0b", "9" * 30
OTHERS = (
    DIGITS,
    DIGITS,
    DIGITS,
    "",
    "9223372036854775807",
    "-1",
    "²٣",
    "NaN",
    "1e400",
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "99999-01-01",
    "0001-01",
    "9999-12",
    "9999-12-31T23:59",
    "0001-01-01T00:00:00+14:00",
    "//[x",
    "[" * 3000,
    "x" * 6000,
    "\ufffd",
)


class Dirty(QueryDict):
    """A query or a form that has a text under each name, twice; `asked` are the names under which it was read."""

    asked: list[str] = []

    @staticmethod
    def text(name: str) -> str:
        return ""

    def __getitem__(self, key: str) -> str:
        self.asked.append(key)
        return self.text(key)

    def __contains__(self, key: object) -> bool:
        self.asked.append(str(key))
        return True

    def __bool__(self) -> bool:
        return True

    def get(self, key: str, default: Any = None) -> Any:
        return self[key]

    def getlist(self, key: str, default: Any = None) -> list[Any]:
        return [self[key], self[key]]


class SendsDirt:
    """A middleware: whatever was sent, there came a text under every name, and no file at all."""

    sent: type[Dirty] | None = None

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        if self.sent is not None:
            request.GET = self.sent("")
            if request.method == "POST":
                request.POST, request._files = self.sent(""), MultiValueDict()
        return self.get_response(request)


@contextmanager
def everywhere(text: Texts) -> Iterator[list[str]]:
    """What views read meanwhile is what `text` says for its name; gives the names that they ask for."""
    asked: list[str] = []
    SendsDirt.sent = type("Sent", (Dirty,), {"text": staticmethod(text), "asked": asked})
    try:
        yield asked
    finally:
        SendsDirt.sent = None
