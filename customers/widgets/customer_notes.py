from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.shortcuts import get_object_or_404

from customers.forms.notes import NoteForm
from customers.models import CustomerNote
from customers.screen import Section, Widget, action, register
from customers.selectors import details
from customers.services import notes

SHOWN = 20


@register
class CustomerNotes(Widget):
    """What staff should know, newest first. Customers never see it."""

    name, title = "customer-notes", "Customer notes"
    section, position = Section.CONVERSATION, 10
    permission = "customers.view_customernote"
    template_name = "customers/widgets/customer_notes.html"

    def context(self) -> dict[str, Any]:
        wanted = self.request.GET.get("shown", "")
        shown = int(wanted) if wanted.isdecimal() and len(wanted) < 6 else SHOWN
        found = details.notes(customer=self.customer, limit=min(shown, 500))
        more = len(found) > shown
        return {
            "notes": found[:shown],
            "more": shown * 5 if more else 0,
            "count": f"{shown}+" if more else len(found),
        }

    def find(self, pk: int) -> Model:
        return get_object_or_404(CustomerNote, pk=pk, customer=self.customer)

    @action(
        label="Add",
        title="Add note",
        permission="customers.add_customernote",
        form=NoteForm,
        emits=("profile-head",),
        done="Note added.",
    )
    def add(self, data: dict[str, Any], changed: list[str]) -> None:
        notes.add(customer=self.customer, author=self.user, text=data["text"], pops_up=data["pops_up"])

    @action(
        label="Edit",
        title="Change note",
        submit="Save note",
        permission="customers.change_customernote",
        form=NoteForm,
        row=True,
        emits=("profile-head",),
        done="Note saved.",
    )
    def edit(self, data: dict[str, Any], changed: list[str], note: CustomerNote) -> None:
        notes.change(note=note, actor=self.user, text=data["text"], pops_up=data["pops_up"])

    @action(
        label="Delete",
        title="Delete note",
        confirm="The note goes from this profile for everybody. The audit trail keeps what it said.",
        permission="customers.delete_customernote",
        row=True,
        danger=True,
        emits=("profile-head",),
        done="Note deleted.",
    )
    def delete(self, data: dict[str, Any], changed: list[str], note: CustomerNote) -> None:
        notes.remove(note=note, actor=self.user)

    @action(
        label="Dismiss for me",
        title="Dismiss this pop-up",
        confirm="It stops popping up for you. Others still see it, and it stays among the notes.",
        permission="customers.view_customernote",
        row=True,
        emits=("profile-head",),
        done="Put away for you; the note itself stays.",
    )
    def dismiss(self, data: dict[str, Any], changed: list[str], note: CustomerNote) -> None:
        notes.dismiss(note=note, user=self.user)
