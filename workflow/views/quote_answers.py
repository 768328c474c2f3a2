"""The page of a quote that its link opens: read, signed or declined, once. Opening it changes nothing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from herotill.downloads import as_download
from herotill.errors import DomainError
from herotill.links import link_view
from herotill.network import address_of
from workflow.forms.quote_answers import AcceptForm, DeclineForm, SignForm
from workflow.models import Quote
from workflow.selectors import quotes as reading
from workflow.services import quotes
from workflow.services.quotes import papers

OVER = "workflow/quotes/over.html"


@require_http_methods(["GET", "HEAD", "POST"])
@link_view
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The quote with both answers. A POST says which; a page that was read says so by itself."""
    now = timezone.now()
    quote, over = quotes.open_link(token=token, now=now)
    if quote is None:
        return _page(request, OVER, 410, over=over)
    match request.POST.get("answer") if request.method == "POST" else None:
        case "opened":
            quotes.opened(token=token, now=now)
            return _closed(HttpResponse(status=204))
        case "accept":
            return _accept(request, token, quote)
        case "decline":
            return _decline(request, token, quote)
    return _show(request, quote, _sign_form(request, quote, None), DeclineForm(prefix="no"))


def _sign_form(request: HttpRequest, quote: Quote, data: Any) -> SignForm:
    return AcceptForm(data, quote=quote) if quote.lead else SignForm(data)


def _accept(request: HttpRequest, token: str, quote: Quote) -> HttpResponse:
    form = _sign_form(request, quote, request.POST)
    if not form.is_valid():
        return _show(request, quote, form, DeclineForm(prefix="no"), 422)
    try:
        quotes.accept(
            token=token,
            name=form.cleaned_data["signed_by"],
            details=form.details,
            address=address_of(request),
            browser=_plain(request.headers.get("User-Agent", "")),
            now=timezone.now(),
        )
    except DomainError as no:
        return _page(request, OVER, 410, over=str(no))
    return _page(request, "workflow/quotes/answered.html", 200, accepted=True)


def _plain(words: str) -> str:
    """What a browser says of itself, without control characters."""
    return "".join(letter if letter.isprintable() else " " for letter in words)


def _decline(request: HttpRequest, token: str, quote: Quote) -> HttpResponse:
    form = DeclineForm(request.POST, prefix="no")
    if not form.is_valid():
        return _show(request, quote, _sign_form(request, quote, None), form, 422)
    try:
        quotes.decline(token=token, now=timezone.now(), **form.cleaned_data)
    except DomainError as no:
        return _page(request, OVER, 410, over=str(no))
    return _page(request, "workflow/quotes/answered.html", 200, accepted=False)


def _show(
    request: HttpRequest, quote: Quote, form: SignForm, no: DeclineForm, status: int = 200
) -> HttpResponse:
    lines = reading.lines(quote)
    context = {
        "quote": quote,
        "for_name": (quote.snapshot or {}).get("party", {}).get("name", ""),
        "once": [line for line in lines if not line.monthly],
        "monthly": [line for line in lines if line.monthly],
        "form": form,
        "asks": isinstance(form, AcceptForm),
        "no": no,
        "vendor": any(line.vat_class != "outside" for line in lines),
    }
    return _page(request, "workflow/quotes/answer.html", status, **context)


@require_safe
@link_view
def paper(request: HttpRequest, token: str) -> HttpResponseBase:
    """The PDF, while the link opens the quote."""
    quote, over = quotes.open_link(token=token, now=timezone.now())
    if quote is None:
        return _page(request, OVER, 410, over=over)
    found = papers.stored(quote.pk)
    return as_download(HttpResponse(found.content, content_type=found.content_type), found.filename)


def _page(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    return _closed(render(request, template, context | {"page_title": "Quote"}, status=status))


def _closed(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store, private"
    return response
