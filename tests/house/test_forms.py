"""What every form of the house sees to, whatever screen it is typed on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django import forms

from herotill.forms import Form


class Moments(Form):
    at = forms.DateTimeField(required=False)


@pytest.mark.parametrize("typed", ["2026-11-23T09:30", "2026-11-23T07:30Z", "2026-11-23T23:45+16:15"])
def test_a_moment_is_kept_as_clocks_here_show_it(typed: str) -> None:
    """There are offsets that Python takes and the database does not."""
    form = Moments({"at": typed})
    assert form.is_valid()
    at = form.cleaned_data["at"]
    assert (at, f"{at:%H:%M %z}") == (datetime(2026, 11, 23, 7, 30, tzinfo=UTC), "09:30 +0200")


@pytest.mark.parametrize("typed", ["0001-01-01T00:00:00+14:00", "1899-12-31T23:59", "9999-12-31T23:59"])
def test_a_moment_of_a_century_nobody_means_is_no_moment(typed: str) -> None:
    assert "between 1900 and 2199" in str(Moments({"at": typed}).errors)
