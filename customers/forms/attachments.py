from django import forms

from customers.models import Attachment
from herotill.forms import Form


class AttachmentForm(Form):
    """A file, what kind of evidence it is, and a word about it."""

    file = forms.FileField(
        label="File",
        help_text="PDF, JPEG, PNG, WebP, DOCX, XLSX, ODT, plain text or CSV.",
        widget=forms.ClearableFileInput(
            attrs={"accept": ".pdf,.jpg,.jpeg,.png,.webp,.docx,.xlsx,.odt,.txt,.csv", "wide": True}
        ),
    )
    kind = forms.ChoiceField(choices=Attachment.Kind.choices, label="Kind")
    note = forms.CharField(required=False, max_length=300)
    shared = forms.BooleanField(required=False, label="Show it to the customer in the portal")
