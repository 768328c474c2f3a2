"""Text as programs send it: no control characters, no endless lines."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

_LINE = r"^[^\x00-\x1f\x7f-\x9f]+$"
_TEXT = r"^[^\x00-\x09\x0b-\x1f\x7f-\x9f]+$"

Line = Annotated[str, Field(min_length=1, max_length=200, pattern=_LINE)]
Text = Annotated[str, Field(min_length=1, max_length=20_000, pattern=_TEXT)]
Code = Annotated[str, Field(min_length=1, max_length=12, pattern=r"^[A-Za-z0-9-]+$")]
Number = Annotated[int, Field(ge=1, lt=2**63)]
