"""A photo to be kept."""

from __future__ import annotations

from django import forms

from herotill.forms import Form


class PhotoForm(Form):
    """The picture and what it shows."""

    photo = forms.FileField(
        label="Photo",
        help_text="JPEG, PNG or WebP. Where and with what it was taken is not kept.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    caption = forms.CharField(label="What it shows", max_length=200, required=False)
