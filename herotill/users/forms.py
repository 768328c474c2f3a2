"""What people fill in about log-ins, roles and rights."""

from __future__ import annotations

from typing import Any

import phonenumbers
from django import forms
from django.contrib.auth.password_validation import validate_password

from herotill.forms import Form, ModelForm
from herotill.users.models import Role, User
from herotill.users.selectors import rights

CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "off"}


def _secret(label: str, autocomplete: str, **kwargs: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=1_000, widget=widget, **kwargs)


class LogIn(forms.Form):
    """Name and password at a door."""

    username = forms.CharField(
        label="Log-in name",
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "off", "autofocus": True}
        ),
    )
    password = _secret("Password", "current-password")


class PortalLogIn(LogIn):
    """The same, in a customer's words."""

    field_order = ("username", "password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Customer code or email"


class Code(forms.Form):
    """The second factor."""

    code = forms.CharField(
        label="Code", max_length=20, widget=forms.TextInput(attrs={**CODE, "autofocus": True})
    )


class Forgot(Form):
    """Who forgot their password."""

    name = forms.CharField(label="Log-in name or email", max_length=254)

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["name"].label = label


class NewPassword(forms.Form):
    """A new password, typed twice."""

    new = _secret("New password", "new-password", help_text="At least 10 characters, and not easily guessed.")
    again = _secret("New password again", "new-password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        validate_password(new, self.user)
        return new

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", "The two are not the same.")
        return data


class Unlock(forms.Form):
    """The password again, at a locked screen or before something delicate."""

    password = _secret("Your password", "current-password")


class UnlockWithCode(Unlock):
    """The same where the house wants the second factor again, too."""

    code = forms.CharField(label="Code", max_length=20, widget=forms.TextInput(attrs=CODE))


class ChangePassword(NewPassword):
    """One's own password: the present one first."""

    password = _secret("Present password", "current-password")
    field_order = ("password", "new", "again")


class Roles(forms.ModelMultipleChoiceField):
    """Roles to tick."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Role.objects.all(), widget=forms.CheckboxSelectMultiple, required=False, **kwargs)

    def label_from_instance(self, obj: Role) -> str:
        return f"{obj.label}: {obj.description}" if obj.description else obj.label


class Person(Form):
    """Somebody on the staff."""

    name = forms.CharField(label="Name", max_length=200)
    email = forms.EmailField(label="Email")
    mobile = forms.CharField(
        label="Cell phone",
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text="For SMS about work, such as a ticket that was assigned.",
    )
    roles = Roles(label="Roles")

    def __init__(self, *args: Any, own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["roles"]
        field.choices = [(role.pk, field.label_from_instance(role)) for role in rights.roles()]
        if own:
            self.fields["roles"].disabled = True
            self.fields["roles"].help_text = "Somebody else has to change your own roles."

    def clean_mobile(self) -> str:
        """The number in E.164."""
        text: str = self.cleaned_data["mobile"]
        if not text:
            return ""
        try:
            number = phonenumbers.parse(text, "ZA")
        except phonenumbers.NumberParseException:
            number = phonenumbers.PhoneNumber()
        if not phonenumbers.is_valid_number(number):
            raise forms.ValidationError("Type a number such as 082 123 4567.")
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class NewPerson(Person):
    """Somebody new, with a log-in name."""

    username = forms.RegexField(
        r"^[a-z0-9][a-z0-9._-]+$",
        label="Log-in name",
        max_length=50,
        help_text="Small letters, digits, dot, dash; not a customer code.",
        error_messages={"invalid": "Use small letters, digits, dot and dash only."},
    )
    field_order = ("username", "name", "email", "mobile", "roles")


class RoleForm(ModelForm):
    """A role's name and what it asks of its people."""

    class Meta:
        model = Role
        fields = ("label", "description", "second_factor_required")
        labels = {"label": "Name", "second_factor_required": "People with this role need a second factor"}
