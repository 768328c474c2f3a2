"""JSON whose numbers are exact: a Decimal goes out as its digits and comes in as it was written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any


def loads(text: str | bytes) -> Any:
    """What stands there, numbers with a point as Decimal. Raises ValueError."""
    return json.loads(text, parse_float=Decimal)


def dumps(value: Any) -> str:
    """`value` as JSON, each Decimal with the digits it has."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(str(name))}: {dumps(one)}" for name, one in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(dumps, value)) + "]"
    return json.dumps(value)
