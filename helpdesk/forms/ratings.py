"""What customers give when they rate us."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.policies.ratings import COMMENT
from herotill.forms import Form

STARS = {
    5: _("5 – Excellent"),
    4: _("4 – Good"),
    3: _("3 – All right"),
    2: _("2 – Poor"),
    1: _("1 – Very poor"),
}


class RatingForm(Form):
    """One to five, and what they say with it."""

    stars = forms.TypedChoiceField(
        label=_("Your rating"),
        choices=list(STARS.items()),
        coerce=int,
        widget=forms.RadioSelect(attrs={"wide": True}),
        error_messages={"required": _("Choose how it was.")},
    )
    comment = forms.CharField(
        label=_("What should we know?"),
        required=False,
        max_length=COMMENT,
        widget=forms.Textarea(attrs={"rows": 5, "wide": True}),
        help_text=_("You need not write anything."),
    )


class AskForm(Form):
    """Nothing but the button."""


class AcknowledgeForm(Form):
    """Nothing but the button: that these were read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
