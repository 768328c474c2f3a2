from django import forms

from customers.models import CustomerNote
from herotill.forms import ModelForm


class NoteForm(ModelForm):
    """A note's text and whether it pops up."""

    class Meta:
        model = CustomerNote
        fields = ["text", "pops_up"]
        labels = {"text": "Note"}
        help_texts = {"text": "Customers never see notes; write them as if they might one day."}
        widgets = {
            "text": forms.Textarea(attrs={"rows": 4, "wide": True, "autofocus": True, "maxlength": 4000})
        }
