"""Handing out attached files: always as a download, never shown by our own pages."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from customers.models import Attachment
from herotill.access import staff_view
from herotill.downloads import as_download


@require_safe
@staff_view("customers.view_attachment")
def download(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """The file's bytes as they came. The right is asked on each download."""
    attachment = get_object_or_404(Attachment, pk=pk, customer__code=code.upper())
    response = FileResponse(attachment.file.open("rb"), content_type=attachment.content_type)
    return as_download(response, attachment.filename)
