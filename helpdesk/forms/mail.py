"""What is typed about mail: mailboxes, rules, and where a message of an unknown sender goes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from helpdesk.forms.tickets import offer
from helpdesk.forms.whose import WhoseField
from helpdesk.models import Category, CloseReason, Department, Mailbox, MailRule, Priority, Ticket
from herotill.forms import Form, ModelForm

SAYS_WHERE = ("host", "port", "tls", "username")


class MailboxForm(ModelForm):
    """A mailbox. Its password belongs to its server and user, and goes with them."""

    class Meta:
        model = Mailbox
        fields = ["address", "department", "host", "port", "username", "password", "tls", "active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, department=Department)

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].strip().lower()
        local, _at, domain = address.partition("@")
        if not local or not domain or "+" in local or " " in address:
            raise ValidationError("Write it as support@isp.example, without a +.")
        if Mailbox.objects.filter(address=address).exclude(pk=self.instance.pk).exists():
            raise ValidationError("There is a mailbox of this address already.")
        return address

    def _post_clean(self) -> None:
        """Another server never gets the password that was kept for this one."""
        moved = self.instance.pk is not None and any(name in self.changed_data for name in SAYS_WHERE)
        super()._post_clean()  # type: ignore[misc]
        if moved and not self.cleaned_data.get("password"):
            self.instance.password = ""


class MailRuleForm(ModelForm):
    """A rule: what a message must have, and what becomes of its ticket."""

    class Meta:
        model = MailRule
        fields = [
            "position",
            "mailbox",
            "sender",
            "recipient",
            "subject",
            "body",
            "department",
            "category",
            "priority",
            "reason",
            "closes",
            "retired",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, department=Department, category=Category, priority=Priority, reason=CloseReason)
        for name, empty in (("mailbox", "Any"), ("department", "As it is"), ("priority", "As it is")):
            self.fields[name].empty_label = empty  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not any((data.get(name) or "").strip() for name in ("sender", "recipient", "subject", "body")):
            self.add_error("sender", "Say what a message must have: at least one of these.")
        if not any(data.get(name) for name in ("department", "category", "priority", "closes")):
            self.add_error("department", "Say what becomes of the ticket: at least one of these.")
        if data.get("closes") and not data.get("reason"):
            self.add_error("reason", "Choose why it is closed.")
        return data


class LeaveForm(Form):
    """Nothing but the button: that these messages need nothing."""


class TriageForm(Form):
    """Where a message goes: onto a ticket, or into a new one."""

    ticket = forms.IntegerField(
        label="Put it on ticket", required=False, min_value=1, help_text="Its number; empty: a new ticket."
    )
    customer = WhoseField(label="Customer of the new ticket", required=False, help_text="Empty: nobody's.")
    department = forms.ModelChoiceField(
        label="Department of the new ticket", queryset=Department.objects.none(), required=False
    )

    def __init__(self, *args: Any, person: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"].person = person  # type: ignore[attr-defined]
        offer(self, department=Department)

    def clean_ticket(self) -> Ticket | None:
        number = self.cleaned_data["ticket"]
        found = Ticket.objects.filter(pk=number).first() if number and number < 2**62 else None
        if number and not found:
            raise ValidationError("There is no ticket of this number.")
        return found
