"""Who we are, as documents and messages show it."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from herotill import forms
from herotill.reference.models import Company


class CompanyForm(forms.ModelForm):
    """Ourselves, with the picture that stands on documents."""

    website = django_forms.URLField(
        required=False, assume_scheme="https", help_text="With https:// in front.", label="Website"
    )
    logo = django_forms.FileField(
        required=False,
        widget=django_forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text="PNG, JPEG or WebP. It is drawn anew, at most 600 by 300 pixels.",
    )
    no_logo = django_forms.BooleanField(label="Take the present logo away", required=False)

    class Meta:
        model = Company
        fields = [
            "name",
            "trading_name",
            "registration_number",
            "phone",
            "email",
            "website",
            "address_line1",
            "address_line2",
            "suburb",
            "city",
            "postal_code",
            "accent",
            "small_print",
            "terms",
        ]
        widgets = {
            "accent": django_forms.TextInput(attrs={"type": "color"}),
            "small_print": django_forms.Textarea(attrs={"rows": 3}),
            "terms": django_forms.Textarea(attrs={"rows": 8}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        if not self.instance.logo:
            del self.fields["no_logo"]
