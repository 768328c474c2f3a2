"""Filters as SageOne takes them, for the server that stands in: eq, ne, ge, le, gt, lt, and, or, parentheses."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]
Test = Callable[[Row], bool]
OPERATORS = {
    "eq": operator.eq,
    "ne": operator.ne,
    "ge": operator.ge,
    "le": operator.le,
    "gt": operator.gt,
    "lt": operator.lt,
}
TOKEN = re.compile(
    r"\s*(?:(?P<sign>[()])|DateTime'(?P<moment>[^']*)'|'(?P<text>(?:[^']|'')*)'"
    r"|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>[A-Za-z_][A-Za-z0-9_]*))"
)


def test(text: str) -> Test:
    """Whether a row passes. Raises ValueError for what is no filter."""
    tokens = _tokens(text)
    found = _either(tokens)
    if tokens:
        raise ValueError("a filter goes on after its end")
    return found


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at, text = [], 0, text.strip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise ValueError("no filter")
        found.append((str(match.lastgroup), str(match[str(match.lastgroup)])))
        at = match.end()
    return found


def _either(tokens: list[tuple[str, str]]) -> Test:
    left = _both(tokens)
    while tokens and tokens[0] == ("word", "or"):
        tokens.pop(0)
        left = _joined(left, _both(tokens), any)
    return left


def _both(tokens: list[tuple[str, str]]) -> Test:
    left = _one(tokens)
    while tokens and tokens[0] == ("word", "and"):
        tokens.pop(0)
        left = _joined(left, _one(tokens), all)
    return left


def _joined(left: Test, right: Test, how: Callable[[tuple[bool, bool]], bool]) -> Test:
    return lambda row: how((left(row), right(row)))


def _one(tokens: list[tuple[str, str]]) -> Test:
    if len(tokens) < 3:
        raise ValueError("a filter ends too soon")
    if tokens[0] == ("sign", "("):
        tokens.pop(0)
        inside = _either(tokens)
        if not tokens or tokens.pop(0) != ("sign", ")"):
            raise ValueError("a parenthesis stays open")
        return inside
    (_, name), (_, sign), (kind, text) = tokens.pop(0), tokens.pop(0), tokens.pop(0)
    if sign not in OPERATORS:
        raise ValueError("no operator")
    value, compare = _value(kind, text), OPERATORS[sign]
    return lambda row: row.get(name) is not None and bool(compare(_like(row[name], value), value))


def _value(kind: str, text: str) -> Any:
    if kind == "number":
        return Decimal(text)
    if kind == "word":
        return text == "true"
    return text.replace("''", "'") if kind == "text" else text[:19]


def _like(found: Any, value: Any) -> Any:
    """What stands in a row as what it is compared with; days and moments compare as they are written."""
    if isinstance(value, Decimal):
        return Decimal(str(found))
    return found[:19] if isinstance(found, str) and isinstance(value, str) and "T" in value else found
