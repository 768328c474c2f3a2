"""Who we are."""

from __future__ import annotations

from herotill.reference.models import Company


def company() -> Company:
    """Ourselves; the row is there from the start."""
    return Company.objects.get()


def is_nameless() -> bool:
    """Whether nobody has said yet who we are."""
    return company().name == ""
