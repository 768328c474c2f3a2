"""What was signed, handed out; and the page on which a mandate is signed."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing.forms.mandates import SignForm
from billing.models import Mandate
from billing.selectors import mandates as reading
from billing.services.mandates import electronic
from herotill.access import staff_view
from herotill.downloads import as_download
from herotill.errors import DomainError
from herotill.links import link_view
from herotill.network import address_of


@require_safe
@staff_view("billing.view_mandate")
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The PDF that was signed, or the form that was signed on paper."""
    mandate = get_object_or_404(Mandate.objects.select_related("attachment"), pk=pk)
    if mandate.attachment:
        proof = mandate.attachment
        paper = FileResponse(proof.file.open("rb"), content_type=proof.content_type)
        return as_download(paper, proof.filename)
    if not mandate.document_path:
        raise Http404("Nothing was signed.")
    found = electronic.document(mandate)
    return as_download(HttpResponse(found.content, content_type=found.content_type), found.filename)


@link_view
def sign(request: HttpRequest, token: str) -> HttpResponse:
    """Where a mandate is read and signed, once. Opening it changes nothing; the button signs."""
    now, mandate = timezone.now(), electronic.find(token=token)
    if mandate is None or not electronic.is_open(mandate, now):
        signed = mandate is not None and mandate.signed_at is not None
        return _page(request, "billing/mandates/over.html", 200 if signed else 410, done=signed)
    form = SignForm(request.POST or None, initial={"mark": electronic.shown(mandate)})
    if request.method == "POST" and form.is_valid():
        try:
            electronic.sign(
                token=token,
                name=form.cleaned_data["name"],
                mark=form.cleaned_data["mark"],
                address=address_of(request),
                now=now,
            )
        except DomainError as no:
            form.add_error(None, str(no))
        else:
            return _page(request, "billing/mandates/over.html", 200, done=True)
    context = {"form": form, "terms": reading.terms(mandate), "until": mandate.expires_at}
    return _page(request, "billing/mandates/sign.html", 422 if form.errors else 200, **context)


def _page(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    context |= {"page_title": "Debit-order mandate", "home_url": "/portal/"}
    response = render(request, template, context, status=status)
    response.headers["Cache-Control"] = "no-store, private"
    return response
