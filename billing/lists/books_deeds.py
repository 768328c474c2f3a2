"""What can be done with many documents, or many entries that wait for the books, at once."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from billing.lists.document_deeds import PlainForm
from billing.models import BooksConnection, BooksOwed, Document
from billing.services.books import owing
from herotill.clock import stamp
from herotill.lists import BulkAction, Done

State = BooksOwed.State


def _entries(count: int) -> str:
    return f"{count:,} entr{'y' if count == 1 else 'ies'}"


class Push(BulkAction):
    """Push issued documents to the books."""

    name, label, icon, order = "push-to-books", "Push to SageOne", "arrow-up-tray", 40
    permission = "billing.push_to_books"
    undoable = False
    form = PlainForm
    warns = "Issued documents from the cut-over day on go to SageOne next, unless they are there already, or a person left them out."

    def affected(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> int:
        return _pushable(chosen).order_by().count()

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"Push {count}"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        ids = list(_pushable(chosen).order_by("pk").values_list("pk", flat=True))
        count = owing.push_documents(documents=ids, actor=data["actor"], now=stamp())
        return Done(count, f"{count:,} document{'' if count == 1 else 's'} on the way to SageOne.", {})


def _pushable(chosen: QuerySet[Any]) -> QuerySet[Any]:
    starts = BooksConnection.objects.filter(is_on=True).values_list("starts_on", flat=True).first()
    if starts is None:
        return chosen.none()
    left = BooksOwed.objects.filter(state=State.LEFT, document=OuterRef("pk"))
    return chosen.filter(
        status=Document.Status.ISSUED, before=False, document_date__gte=starts, in_books__isnull=True
    ).exclude(Exists(left))


class Retry(BulkAction):
    """Send entries again."""

    name, label, icon, order = "retry", "Send again", "arrow-path", 10
    permission = "billing.settle_booksowed"
    undoable = False
    form = PlainForm
    warns = "What was refused or left out is sent next. What SageOne refused for a reason it refuses again."

    def affected(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> int:
        return chosen.filter(state__in=[State.REFUSED, State.LEFT, State.WAITS]).order_by().count()

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"Send {count}"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        count = owing.retry(owed=chosen, actor=data["actor"], now=stamp())
        return Done(count, f"{_entries(count)} on the way to SageOne.", {})


class LeaveOut(BulkAction):
    """Leave entries out."""

    name, label, icon, order = "leave-out", "Leave out", "x-mark", 20
    permission = "billing.settle_booksowed"
    undoable = False
    form = PlainForm
    warns = "They do not go to SageOne, so that its books and ours differ by them, until they are sent again."

    def affected(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> int:
        return chosen.filter(state__in=[State.WAITS, State.REFUSED]).order_by().count()

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"Leave {count} out"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        count = owing.leave_out(owed=chosen, actor=data["actor"])
        return Done(count, f"{_entries(count)} left out.", {})
