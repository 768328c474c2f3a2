"""What a sign-up says, put into words for a lead that is there already."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

QUICKEST, SLOWEST = timedelta(seconds=3), timedelta(hours=12)
LABELS = {
    "company_name": "Company",
    "first_names": "First names",
    "surname": "Surname",
    "phone": "Phone",
    "email": "Email",
    "lines": "Street",
    "suburb": "Suburb",
    "town": "Town",
    "wants": "Wants",
}


def retold(values: Mapping[str, Any]) -> str:
    """The whole sign-up as a note: nothing that somebody typed is lost, and nothing of the lead is changed by it."""
    told = [
        f"{label}: {' '.join(str(values[name]).split())}"
        for name, label in LABELS.items()
        if values.get(name)
    ]
    if values.get("marketing"):
        told.append("Agreed to marketing.")
    if values.get("tell_when_covered"):
        told.append("Wants to hear once we reach them.")
    return "\n".join(["Signed up again on the form.", *told])
