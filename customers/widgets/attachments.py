from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.shortcuts import get_object_or_404

from customers.forms.attachments import AttachmentForm
from customers.models import Attachment
from customers.screen import Section, Widget, action, register
from customers.selectors import details
from customers.services import attachments

SHOWN = 30


@register
class Attachments(Widget):
    """Evidence: applications, surveys, photos, job cards, letters, permission to debit."""

    name, title = "attachments", "Attachments"
    section, position = Section.RECORD, 10
    permission = "customers.view_attachment"
    template_name = "customers/widgets/attachments.html"
    lazy = True

    def context(self) -> dict[str, Any]:
        found = details.attachments(customer=self.customer, limit=SHOWN)
        more = len(found) > SHOWN
        return {"files": found[:SHOWN], "more": more, "count": f"{SHOWN}+" if more else len(found)}

    def find(self, pk: int) -> Model:
        return get_object_or_404(Attachment, pk=pk, customer=self.customer)

    @action(
        label="Add",
        title="Add attachment",
        permission="customers.add_attachment",
        form=AttachmentForm,
        done="File attached.",
    )
    def add(self, data: dict[str, Any], changed: list[str]) -> None:
        attachments.add(
            customer=self.customer,
            upload=data["file"],
            kind=data["kind"],
            note=data["note"],
            shared=data["shared"],
            actor=self.user,
        )

    @action(
        label="Show in the portal",
        title="Show this file in the portal",
        submit="Show in the portal",
        confirm="Whoever logs in to the portal as this customer can download the file there.",
        permission="customers.change_attachment",
        row=True,
        done="The customer sees the file in the portal.",
    )
    def share(self, data: dict[str, Any], changed: list[str], attachment: Attachment) -> None:
        attachments.share(attachment=attachment, shared=True, actor=self.user)

    @action(
        label="Hide from the portal",
        title="Hide this file from the portal",
        submit="Hide from the portal",
        confirm="The customer no longer sees the file in the portal. Who downloaded it has it.",
        permission="customers.change_attachment",
        row=True,
        done="The customer no longer sees the file.",
    )
    def unshare(self, data: dict[str, Any], changed: list[str], attachment: Attachment) -> None:
        attachments.share(attachment=attachment, shared=False, actor=self.user)

    @action(
        label="Delete",
        title="Delete attachment",
        confirm="The file is deleted and cannot be brought back. It may be the evidence of a bad job or of a signature.",
        permission="customers.delete_attachment",
        row=True,
        danger=True,
        done="File deleted.",
    )
    def delete(self, data: dict[str, Any], changed: list[str], attachment: Attachment) -> None:
        attachments.remove(attachment=attachment, actor=self.user)
