"""Notes about a customer: stamped by themselves, put away per person."""

from __future__ import annotations

from django.db import transaction

from customers.models import Customer, CustomerNote, NoteDismissal
from herotill.users.models import User


def add(*, customer: Customer, author: User | None, text: str, pops_up: bool = False) -> CustomerNote:
    """Write a note; its time is the database's. It has no author where it writes itself."""
    note = CustomerNote.objects.create(customer=customer, author=author, text=text, pops_up=pops_up)
    note.refresh_from_db(fields=["created_at"])
    return note


@transaction.atomic
def change(*, note: CustomerNote, actor: User, text: str, pops_up: bool) -> None:
    """Change a note's text, or whether it pops up. One that begins to pop up shows to everybody again."""
    if pops_up and not CustomerNote.objects.get(pk=note.pk).pops_up:
        NoteDismissal.objects.filter(note=note).delete()
    CustomerNote.objects.filter(pk=note.pk).update(text=text, pops_up=pops_up)


def remove(*, note: CustomerNote, actor: User) -> None:
    """Delete a note; the audit trail keeps what it said."""
    note.delete()


@transaction.atomic
def dismiss(*, note: CustomerNote, user: User) -> None:
    """Put a pop-up away for this person; twice is once, and a note that is gone needs no putting away."""
    if CustomerNote.objects.select_for_update(of=("self",), no_key=True).filter(pk=note.pk).exists():
        NoteDismissal.objects.bulk_create([NoteDismissal(note=note, user=user)], ignore_conflicts=True)
