"""What customers write on tickets: in the portal, or by the link in a mail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from dataaccounts.models import DataAccount
from helpdesk.forms.files import FilesField
from helpdesk.forms.tickets import Words
from helpdesk.models import Category, Department
from helpdesk.policies.tickets import SUBJECT
from herotill.forms import Form

LONGEST = 10_000


def _words(label: Any, *, required: bool) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 6, "wide": True})
    field = Words(label=label, max_length=LONGEST, required=required, widget=area)
    field.error_messages["required"] = _("Tell us what happened, or what you would like to know.")
    return field


def _files() -> FilesField:
    return FilesField(label=_("Pictures or files"), help_text=_("A photo of the router's lights helps."))


class ReplyForm(Form):
    """What is added to a ticket."""

    text = _words(_("Your answer"), required=False)
    files = _files()  # type: ignore[assignment]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not cleaned["text"].strip() and not cleaned["files"]:
            self.add_error("text", str(_("Write something first.")))
        return cleaned


class OpenForm(Form):
    """A new ticket. Only what there is to choose from is asked."""

    subject = forms.CharField(
        label=_("What is it about?"),
        max_length=SUBJECT,
        error_messages={"required": _("Say it in a few words.")},
    )
    department = forms.ModelChoiceField(
        label=_("Who should help?"), queryset=Department.objects.none(), empty_label=None
    )
    category = forms.ModelChoiceField(
        label=_("What kind of question?"),
        queryset=Category.objects.none(),
        required=False,
        empty_label=_("I am not sure"),
    )
    account = forms.ModelChoiceField(
        label=_("Which connection?"),
        queryset=DataAccount.objects.none(),
        required=False,
        empty_label=_("None, or all of them"),
    )
    text = _words(_("Tell us more"), required=True)
    files = _files()  # type: ignore[assignment]

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments = Department.objects.filter(offered=True, retired=False)
        self._offer("department", departments.order_by("-for_ratings", "name_key"))
        self._offer("category", Category.objects.filter(offered=True, retired=False))
        accounts = DataAccount.objects.filter(customer=customer).exclude(state=DataAccount.State.CANCELLED)
        self._offer("account", accounts.order_by("username"))

    def _offer(self, name: str, found: Any) -> None:
        self.fields[name].queryset = found  # type: ignore[attr-defined]
