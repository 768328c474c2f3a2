"""The form of a row of a table in Setup."""

from __future__ import annotations

from herotill import forms


class TableForm(forms.ModelForm):
    """Leaves it to the database whether a name is taken; `keeping.save` says so in words.

    Between the question and the answer somebody else may take the name, and the words of a model's
    constraint are not for people.
    """

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"name"}  # type: ignore[misc]
