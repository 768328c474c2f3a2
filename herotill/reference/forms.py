"""The forms of what several apps point at."""

from __future__ import annotations

from herotill.reference.models import Highsite
from herotill.tables.forms import TableForm


class HighsiteForm(TableForm):
    """A tower or building with our radios."""

    class Meta:
        model = Highsite
        fields = ["name", "town"]
