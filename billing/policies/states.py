"""What became of a document: worked out from what is open of it, never typed in."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

State = Literal["draft", "unpaid", "part", "paid", "credited", "written_off", "credit", "used"]

LABELS: dict[State, tuple[str, str]] = {
    "draft": ("Draft", ""),
    "unpaid": ("Unpaid", "bad"),
    "part": ("Part paid", "warn"),
    "paid": ("Paid", "ok"),
    "credited": ("Credited", ""),
    "written_off": ("Written off", ""),
    "credit": ("Credit left", "accent"),
    "used": ("Used", "ok"),
}


def state(
    posted: Decimal | None, still_open: Decimal | None, credited: Decimal | None, written_off: bool = False
) -> State:
    """The state of a document that posted `posted` (None: a draft), of which so much is open and credited.

    One that takes away has credit left or is used; one that is owed is unpaid, part paid, paid or credited.
    `written_off` says that it is a write-off, or that one took the last or some of it.
    """
    if posted is None:
        return "draft"
    if posted < 0:
        return "credit" if still_open else "written_off" if written_off else "used"
    if still_open:
        return "unpaid" if still_open == posted else "part"
    if written_off:
        return "written_off"
    return "credited" if credited and credited == posted else "paid"
