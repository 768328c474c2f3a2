"""What can be done with many documents at once."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.db.models import QuerySet
from django.urls import reverse

from billing.models import Document, DocumentKind
from billing.services import batching, documents, drafts
from herotill import forms
from herotill.clock import stamp
from herotill.lists import BulkAction, Done


def _counted(number: int) -> str:
    return f"{number:,} document{'' if number == 1 else 's'}"


def _ids(rows: QuerySet[Any]) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


class PlainForm(forms.Form):
    """Nothing to fill in."""


class PrintForm(forms.Form):
    """As what they come."""

    form = django_forms.ChoiceField(
        label="As", choices=[(name, words.capitalize()) for name, words in batching.FORMS.items()]
    )


class _OfDrafts(BulkAction):
    """A deed on drafts, which there is no way back from."""

    undoable = False
    form = PlainForm

    def drafts(self, chosen: QuerySet[Any]) -> QuerySet[Any]:
        return chosen.filter(status=Document.Status.DRAFT)

    def affected(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> int:
        return self.drafts(chosen).order_by().count()


class Issue(_OfDrafts):
    """Issue draft invoices."""

    name, label, icon, order = "issue", "Issue drafts", "check", 10
    permission = "billing.issue_invoices"
    warns = "Draft invoices among them get their numbers and post to the ledger. There is no way back."

    def drafts(self, chosen: QuerySet[Any]) -> QuerySet[Any]:
        return super().drafts(chosen).filter(kind=DocumentKind.INVOICE)

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"Issue {count}"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        ids = _ids(self.drafts(chosen))
        issued = documents.issue(documents=ids, actor=data["actor"], now=stamp()).issued
        return Done(issued, f"{_counted(issued)} issued.", {})


class Delete(_OfDrafts):
    """Delete drafts."""

    name, label, icon, order = "delete", "Delete drafts", "trash", 20
    permission = "billing.delete_document"
    warns = "Drafts among them are deleted. What they bill waits for the next draft."

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"Delete {count}"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        gone = drafts.delete(documents_of=_ids(self.drafts(chosen)), actor=data["actor"])
        return Done(gone, f"{_counted(gone)} deleted.", {})


class Download(BulkAction):
    """Put the prints of issued documents into one file."""

    name, label, icon, order = "download", "Download PDFs", "arrow-down-tray", 30
    permission = "billing.export_documents"
    undoable = False
    form = PrintForm

    def affected(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> int:
        return chosen.filter(status=Document.Status.ISSUED, before=False).order_by().count()

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"Gather {count}"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        ids = _ids(chosen.filter(status=Document.Status.ISSUED, before=False))
        run = batching.begin(form=data["form"], actor=data["actor"], documents=ids)
        return Done(len(ids), f"{_counted(len(ids))} being gathered.", {}, reverse("run", args=[run.pk]))
