"""The connection to the books kept elsewhere, and the ID of a customer there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms as django_forms
from django.core.validators import RegexValidator

from billing.models import BooksConnection
from billing.services.books import linking
from herotill import forms
from herotill.errors import DomainError
from herotill.users.models import User

NUMBER = RegexValidator(r"^[1-9][0-9]{0,17}\Z", "A SageOne ID is a number.")
CAREFUL = (
    "Be VERY careful when editing this ID: documents of this customer go to whomever it names in SageOne."
)
CHOSEN = {"company_id": "companies", "sales_account": "accounts", "other_account": "accounts"}


class BooksConnectionForm(forms.ModelForm):
    """How it works. What a test of the connection found can be chosen; before one, its number is typed."""

    class Meta:
        model = BooksConnection
        fields = (
            "is_on",
            "version",
            "company_id",
            "starts_on",
            "sales_account",
            "other_account",
            "manager",
            "makes_customers",
        )
        widgets = {"starts_on": django_forms.DateInput(attrs={"type": "date"})}

    def __init__(
        self, *args: Any, known: Mapping[str, Sequence[tuple[str, str]]] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["manager"]
        person.queryset = User.objects.filter(kind=User.Kind.STAFF, is_active=True).order_by(
            "name", "username"
        )
        for name, kind in CHOSEN.items():
            self._offer(name, list((known or {}).get(kind, ())))

    def _offer(self, name: str, found: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.validators = [*field.validators, NUMBER]
        if not found:
            field.help_text = (
                f"{field.help_text} Its number in SageOne; test the connection to choose.".strip()
            )
            return
        present = getattr(self.instance, name)
        if present and present not in {id for id, _ in found}:
            found = [(present, present), *found]
        field.widget = django_forms.Select(
            choices=[("", "None"), *((id, f"{label} ({id})") for id, label in found)]
        )


class BooksCredentialsForm(forms.Form):
    """Who we are there. What is left empty stays."""

    user = django_forms.EmailField(label="User (email address)", max_length=254)
    password = django_forms.CharField(
        required=False,
        max_length=200,
        widget=django_forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Empty: it stays as it is.",
    )
    api_key = django_forms.CharField(
        label="API key",
        required=False,
        widget=django_forms.PasswordInput(attrs={"autocomplete": "off"}),
        validators=[
            RegexValidator(
                r"^\{?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?\Z",
                "An API key is 32 letters and digits in five groups.",
            )
        ],
        help_text="Empty: it stays as it is.",
    )

    def clean_api_key(self) -> str:
        return str(self.cleaned_data["api_key"]).strip("{}")


class SageOneIdForm(forms.Form):
    """Whom in SageOne a customer is."""

    their_id = django_forms.CharField(
        label="SageOne ID", max_length=18, validators=[NUMBER], help_text=CAREFUL
    )


class FirstSageOneIdForm(forms.Form):
    """The tab SageOne of a new customer: whom there they are, where they stand there already."""

    their_id = django_forms.CharField(
        label="SageOne ID",
        max_length=18,
        required=False,
        validators=[NUMBER],
        help_text=f"{CAREFUL} Leave it empty for who is new there: SageOne gives the number as soon as the"
        " customer is created.",
    )

    def clean(self) -> dict[str, Any]:
        """Says also which code the ID carries there, which is asked before anything is written."""
        data = super().clean() or self.cleaned_data
        try:
            data["carries"] = linking.carried(their_id=data["their_id"]) if data.get("their_id") else ""
        except DomainError as no:
            forms.refuse(self, no)
        return data
