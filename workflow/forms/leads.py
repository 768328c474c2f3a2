"""The dialogs of a lead: capturing and changing it, its place, what is next, losing and merging it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from customers.forms.fields import EmailField, PhoneField
from herotill.access import may
from herotill.forms import DayField, Form, ModelForm
from herotill.users.models import User
from herotill.users.selectors.people import staff
from workflow.models import Lead, LostReason
from workflow.selectors import lead_duplicates
from workflow.selectors.lead_duplicates import Likeness, Probe
from workflow.services.lead_merging import Part

NUMBERS = ("id_number", "registration_number")
SEES_NUMBERS, CHANGES_NUMBERS = "customers.see_id_numbers", "customers.change_id_numbers"
DETAILS: tuple[str, ...] = (
    "kind",
    "company_name",
    "first_names",
    "surname",
    "contact_name",
    "phone",
    "other_phone",
    "email",
    "id_number",
    "registration_number",
    "vat_number",
    "wants",
    "source",
    "marketing",
)
ADDRESS = ("lines", "suburb", "town", "postal_code", "directions")
NEXT = ("next_action", "next_action_on")


class Coordinate(forms.DecimalField):
    """Degrees, as a map or a phone gives them; a comma counts as a point."""

    def __init__(self, most: int, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(
            max_value=most,
            min_value=-most,
            decimal_places=6,
            max_digits=9,
            required=False,
            widget=widget,
            **kwargs,
        )

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = value.strip().replace(",", ".").rstrip("°") if isinstance(value, str) else value
        found = super().to_python(text)
        if found is None or not found.is_finite() or found.adjusted() > 2:
            return found  # which is refused, where it is none on Earth
        return found.quantize(Decimal("0.000001"))


class LeadForm(ModelForm):
    """Who it is and what they want. Numbers show only to those who may see and change them."""

    of_company = ("company_name", "contact_name", "registration_number")
    of_individual = ("first_names", "surname", "id_number")
    phone = PhoneField(required=False, label="Cell number")
    other_phone = PhoneField(required=False, label="Other number")
    email = EmailField(required=False, label="Email")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not (may(user, CHANGES_NUMBERS) and (not self.instance.pk or may(user, SEES_NUMBERS))):
            for name in NUMBERS:
                self.fields.pop(name, None)
        self._offer("source")
        self._offer("area")
        for name in ("first_names", "company_name"):
            if name in self.fields:
                self.fields[name].must = True  # type: ignore[attr-defined] # for one type of lead each

    def _offer(self, name: str) -> None:
        """What is not retired, and what the lead has already."""
        field: Any = self.fields.get(name)
        if field is not None:
            held = getattr(self.instance, f"{name}_id")
            every: QuerySet[Any] = field.queryset
            field.queryset = every.filter(retired=False) | every.filter(pk=held)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") == Lead.Kind.COMPANY:
            data["first_names"] = data["surname"] = ""
            self._need("company_name", "A company needs its name.")
        elif data.get("kind"):
            data["company_name"] = ""
            if not data.get("surname"):
                self._need("first_names", "Give a name.")
        return data

    def _need(self, name: str, text: str) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, text)

    def values(self) -> dict[str, Any]:
        """What is to be written. Call it on a valid form only."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.cleaned_data}

    class Meta:
        model = Lead
        fields = DETAILS
        widgets = {
            "kind": forms.RadioSelect(),
            "wants": forms.Textarea(attrs={"rows": 2, "wide": True}),
            "lines": forms.Textarea(attrs={"rows": 2, "wide": True}),
            "directions": forms.Textarea(attrs={"rows": 2, "wide": True}),
            "next_action_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        labels = {"next_action_on": "Next action on"}
        help_texts = {"contact_name": "Whom to ask for at a company."}


class CaptureForm(LeadForm):
    """A new lead, with a warning where somebody like it is known already."""

    latitude = Coordinate(90, label="Latitude")
    longitude = Coordinate(180, label="Longitude")
    known_twice = forms.BooleanField(required=False, label="This is somebody else; capture it all the same")

    class Meta(LeadForm.Meta):
        fields = (*DETAILS[:-1], *ADDRESS, "area", "latitude", "longitude", "owner", *NEXT)
        help_texts = LeadForm.Meta.help_texts | {"area": "Found by suburb or town where nothing is chosen."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.likenesses: list[Likeness] = []
        _owner(self)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        _both(self)
        if not self.errors:
            self.likenesses = lead_duplicates.of(self._probe(data))
            if self.likenesses and not data["known_twice"]:
                self.add_error(
                    "known_twice", "Look at who is known already, and tick this if it is somebody else."
                )
        return data

    def _probe(self, data: dict[str, Any]) -> Probe:
        sees = may(self.user, SEES_NUMBERS)  # to hear that a number is known is to see it
        return Probe(
            phones=(data["phone"], data["other_phone"]),
            email=data["email"],
            id_number=data.get("id_number", "") if sees else "",
            lines=data["lines"],
            suburb=data["suburb"],
            town=data["town"],
        )


class ChangeForm(LeadForm):
    """What somebody changes of a lead; `version` says what they saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version


class PlaceForm(ModelForm):
    """Where it is: the address, the area, and the coordinates."""

    latitude = Coordinate(90, label="Latitude")
    longitude = Coordinate(180, label="Longitude")
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Lead
        fields = (*ADDRESS, "area", "highsite", "latitude", "longitude")
        widgets = LeadForm.Meta.widgets
        help_texts = {"highsite": "Which one is likely to serve it."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        for name in ("area", "highsite"):
            field: Any = self.fields[name]
            held = getattr(self.instance, f"{name}_id")
            field.queryset = field.queryset.filter(retired=False) | field.queryset.filter(pk=held)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        _both(self)
        return data

    def values(self) -> dict[str, Any]:
        found = {name: self.cleaned_data[name] for name in self.Meta.fields}
        if "area" not in self.changed_data:
            del found["area"]  # it follows the town
        return found


def _both(form: Any) -> None:
    """Coordinates are two or none."""
    given = [form.cleaned_data.get(name) is not None for name in ("latitude", "longitude")]
    if given.count(True) == 1 and not {"latitude", "longitude"} & form.errors.keys():
        form.add_error("longitude" if given[0] else "latitude", "Give both coordinates, or neither.")


def _owner(form: Any) -> None:
    if not may(form.user, "workflow.assign_leads"):
        del form.fields["owner"]
        return
    form.fields["owner"].queryset = staff().filter(is_active=True)
    form.fields["owner"].initial = form.user.pk
    form.fields["owner"].empty_label = "Nobody"


class OwnerForm(Form):
    """Whose lead it is."""

    owner = forms.ModelChoiceField(
        queryset=User.objects.none(), required=False, label="Person", empty_label="Nobody"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["owner"]
        field.queryset = staff().filter(is_active=True)


class NextForm(Form):
    """What is to be done next, and on which day."""

    next_action = forms.CharField(max_length=200, required=False, label="Next action")
    next_action_on = DayField(required=False, label="On")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("next_action_on") and not data.get("next_action") and "next_action" not in self.errors:
            self.add_error("next_action", "Say what is to be done on that day.")
        return data


class NoteForm(Form):
    """What was said."""

    text = forms.CharField(
        max_length=4000, label="Note", widget=forms.Textarea(attrs={"rows": 4, "wide": True})
    )


class LostForm(Form):
    """Why a lead comes to nothing."""

    reason = forms.ModelChoiceField(queryset=LostReason.objects.none(), label="Reason")
    words = forms.CharField(
        max_length=500,
        required=False,
        label="More about it",
        widget=forms.Textarea(attrs={"rows": 2, "wide": True}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reason"]
        field.queryset = LostReason.objects.filter(retired=False)


class BackForm(Form):
    """Why a lost lead goes on."""

    why = forms.CharField(max_length=300, required=False, label="Why")


class MergeForm(Form):
    """Of each part in which two leads differ, whose stays."""

    def __init__(self, *args: Any, parts: list[Part], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = parts
        for part in parts:
            if part.differs:
                self.fields[part.name] = forms.ChoiceField(
                    label=part.label,
                    choices=[("into", part.into), ("other", part.other)],
                    initial="into",
                    widget=forms.RadioSelect(),
                )

    @property
    def taking(self) -> set[str]:
        return {name for name, chosen in self.cleaned_data.items() if chosen == "other"}


class WhichForm(Form):
    """The number of the lead that another is merged with."""

    number = forms.CharField(max_length=12, label="Lead", help_text="Its number, such as L42.")

    def clean_number(self) -> int:
        text = str(self.cleaned_data["number"]).strip().upper().removeprefix("L")
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            raise forms.ValidationError("Write the number of a lead, such as L42.")
        return int(text)
