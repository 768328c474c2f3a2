"""What is asked at the desk about tickets: answers, notes, who sees to them, where they belong, why they end."""

from __future__ import annotations

from typing import Any

from django import forms

from dataaccounts.models import DataAccount, Nas, Outage
from helpdesk.forms.files import FilesField
from helpdesk.forms.whose import WhoseField
from helpdesk.models import CannedAnswer, Category, CloseReason, Department, Post, Priority, Ticket
from helpdesk.selectors import people
from herotill.clock import stamp
from herotill.forms import Form
from herotill.users.models import User

State = Ticket.State


class Words(forms.CharField):
    """What somebody writes; a tab that came along with what was pasted is as good as spaces."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 6}))
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\t", "    ")


def _offered(model: Any) -> Any:
    return model.objects.filter(retired=False)


class AnswerForm(Form):
    """An answer to the customer, and what becomes of the ticket with it."""

    text = Words(label="Answer")
    files = FilesField(label="Files")  # type: ignore[assignment]
    state = forms.ChoiceField(label="Then the ticket", choices=())
    reason = forms.ModelChoiceField(
        label="Reason for closing", queryset=CloseReason.objects.none(), required=False, empty_label="None"
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, may_close: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        state: Any = self.fields["state"]
        state.choices = [(State.PENDING, "waits for the customer"), (State.OPEN, "stays with us")]
        if may_close:
            state.choices += [(State.CLOSED, "is closed")]
            reason: Any = self.fields["reason"]
            reason.queryset = _offered(CloseReason)
        else:
            del self.fields["reason"]


class NoteForm(Form):
    """A note among ourselves."""

    text = Words(label="Note", help_text="Only we see it.")
    files = FilesField(label="Files")  # type: ignore[assignment]


class NewTicketForm(Form):
    """A ticket that staff open: what the customer said, what we write first, or a note for ourselves."""

    customer = WhoseField(required=False, label="Customer", help_text="Empty if unknown.")
    requester_name = forms.CharField(label="Who asks", required=False, max_length=200)
    requester_email = forms.EmailField(
        label="Email",
        required=False,
        max_length=254,
        help_text="Empty: answers go to the customer's contacts for tickets.",
    )
    subject = forms.CharField(label="Subject", max_length=200)
    kind = forms.ChoiceField(
        label="This is",
        choices=[
            (Post.Kind.SAID, "what the customer said"),
            (Post.Kind.ANSWER, "our mail to the customer"),
            (Post.Kind.NOTE, "a note for ourselves"),
        ],
        initial=Post.Kind.SAID,
    )
    text = Words(label="Text", required=True)
    department = forms.ModelChoiceField(label="Department", queryset=Department.objects.none())
    category = forms.ModelChoiceField(label="Category", queryset=Category.objects.none(), required=False)
    priority = forms.ModelChoiceField(label="Priority", queryset=Priority.objects.none())
    assignee = forms.ModelChoiceField(
        label="Given to", queryset=User.objects.none(), required=False, empty_label="Nobody yet"
    )
    files = FilesField(label="Files")  # type: ignore[assignment]

    def __init__(
        self,
        *args: Any,
        person: Any = None,
        may_answer: bool = False,
        may_assign: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"].person = person  # type: ignore[attr-defined]
        offer(self, department=Department, category=Category, priority=Priority)
        self.fields["assignee"].queryset = people.who_answer()  # type: ignore[attr-defined]
        if not may_assign:
            del self.fields["assignee"]
        if not may_answer:
            kind: Any = self.fields["kind"]
            kind.choices = [one for one in kind.choices if one[0] == Post.Kind.SAID]


def offer(form: forms.BaseForm, **models: Any) -> None:
    """Give fields the rows of Setup that are still offered."""
    for name, model in models.items():
        form.fields[name].queryset = _offered(model)  # type: ignore[attr-defined]


class AssignForm(Form):
    """Who sees to it."""

    assignee = forms.ModelChoiceField(
        label="Given to", queryset=User.objects.none(), required=False, empty_label="Nobody"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = people.who_answer()  # type: ignore[attr-defined]


class MoveForm(Form):
    """Where one ticket belongs, and what it is called."""

    subject = forms.CharField(label="Subject", max_length=200)
    department = forms.ModelChoiceField(label="Department", queryset=Department.objects.none())
    category = forms.ModelChoiceField(label="Category", queryset=Category.objects.none(), required=False)
    priority = forms.ModelChoiceField(label="Priority", queryset=Priority.objects.none())

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        names = ("subject", "department", "category", "priority")
        super().__init__(*args, initial={name: getattr(ticket, name) for name in names}, **kwargs)
        offer(self, department=Department, category=Category, priority=Priority)
        for name in names[1:]:  # what it has stays among them, though no longer offered
            field: Any = self.fields[name]
            field.queryset = field.queryset | field.queryset.model.objects.filter(
                pk=getattr(ticket, f"{name}_id")
            )


class MoveManyForm(Form):
    """What changes for many tickets; what is left empty stays as it is."""

    department = forms.ModelChoiceField(
        label="Department", queryset=Department.objects.none(), required=False, empty_label="As it is"
    )
    category = forms.ModelChoiceField(
        label="Category", queryset=Category.objects.none(), required=False, empty_label="As it is"
    )
    priority = forms.ModelChoiceField(
        label="Priority", queryset=Priority.objects.none(), required=False, empty_label="As it is"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, department=Department, category=Category, priority=Priority)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(name) for name in self.fields):
            raise forms.ValidationError("Choose what changes.")
        return data


class CloseForm(Form):
    """Why tickets are closed."""

    reason = forms.ModelChoiceField(label="Reason", queryset=CloseReason.objects.none())
    words = forms.CharField(
        label="In words",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "wide": True}),
        help_text="Only we see it.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, reason=CloseReason)


class CloseOneForm(CloseForm):
    """Why one ticket is closed; `seen` is its last post as the dialog was opened."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class CloseManyForm(CloseForm):
    """Why many tickets are closed; `shown_at` is when the dialog was opened."""

    unread = forms.BooleanField(
        label="Also those on which the customer had the last word",
        required=False,
        help_text="What a customer writes while you are here keeps a ticket open in any case.",
    )
    shown_at = forms.DateTimeField(widget=forms.HiddenInput, required=False, initial=stamp)


class ReopenForm(Form):
    """Why a ticket is opened again."""

    why = forms.CharField(label="Why", max_length=300)


class LinkForm(Form):
    """Whom and what a ticket is about."""

    customer = WhoseField(required=False, label="Customer")
    account = forms.CharField(
        label="Data account",
        required=False,
        max_length=120,
        help_text="Its user name; it brings its customer.",
    )
    nas = forms.ModelChoiceField(label="NAS", queryset=Nas.objects.all(), required=False)
    outage = forms.ModelChoiceField(label="Outage", queryset=Outage.objects.none(), required=False)

    def __init__(self, *args: Any, ticket: Ticket, person: Any = None, **kwargs: Any) -> None:
        initial = {
            "customer": ticket.customer.code if ticket.customer else "",
            "account": ticket.account.username if ticket.account else "",
            "nas": ticket.nas_id,
            "outage": ticket.outage_id,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["customer"].person = person  # type: ignore[attr-defined]
        running = Outage.objects.filter(ended_at=None) | Outage.objects.filter(pk=ticket.outage_id or 0)
        self.fields["outage"].queryset = running  # type: ignore[attr-defined]

    def clean_account(self) -> DataAccount | None:
        said = self.cleaned_data["account"].strip()
        found = DataAccount.objects.filter(username__iexact=said).select_related("customer").first()
        if said and found is None:
            raise forms.ValidationError("There is no such data account.")
        return found


class MergeForm(Form):
    """Which tickets become part of this one."""

    others = forms.ModelMultipleChoiceField(
        label="Other tickets of the same people",
        queryset=Ticket.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    number = forms.CharField(
        label="Or by number", required=False, max_length=100, help_text="Such as 1042, 1044."
    )

    def __init__(self, *args: Any, likely: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others: Any = self.fields["others"]
        others.queryset = likely
        if not likely:
            del self.fields["others"]
            self.fields["number"].label = "Numbers of the other tickets"

    def clean_number(self) -> list[Ticket]:
        words = self.cleaned_data["number"].replace(",", " ").replace("#", " ").split()
        if not all(word.isascii() and word.isdigit() and len(word) < 18 for word in words):
            raise forms.ValidationError("Type numbers of tickets, such as 1042.")
        found = list(Ticket.objects.filter(pk__in=[int(word) for word in words]))
        if len(found) < len({int(word) for word in words}):
            raise forms.ValidationError("One of these tickets is not there.")
        return found

    def chosen(self) -> list[Ticket]:
        return [*self.cleaned_data.get("others", ()), *self.cleaned_data["number"]]


class SplitForm(Form):
    """What of a ticket goes on as a new one."""

    subject = forms.CharField(
        label="Subject of the new ticket", max_length=200, widget=forms.TextInput(attrs={"wide": True})
    )
    posts = forms.TypedMultipleChoiceField(
        label="What goes there",
        coerce=int,
        widget=forms.CheckboxSelectMultiple(attrs={"wide": True}),
        choices=(),
    )

    def __init__(self, *args: Any, posts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["posts"].choices = posts  # type: ignore[attr-defined]


class WatchForm(Form):
    """Who is told what happens on a ticket."""

    watchers = forms.ModelMultipleChoiceField(
        label="Told what happens",
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["watchers"].queryset = people.who_answer()  # type: ignore[attr-defined]


class CannedForm(Form):
    """Which canned answer is put behind what is typed already."""

    canned = forms.ModelChoiceField(queryset=CannedAnswer.objects.none(), required=False)
    text = Words()

    def __init__(self, *args: Any, offered: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["canned"].queryset = offered  # type: ignore[attr-defined]
