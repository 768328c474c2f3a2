"""Quotes: what was offered to the customer, read, accepted or declined."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from customers.portal.answers import theirs
from herotill.access import portal_view
from herotill.downloads import as_download
from herotill.errors import DomainError
from herotill.network import address_of
from herotill.pages import done, me, page
from workflow.forms.quote_answers import DeclineForm, SignForm
from workflow.models import Quote
from workflow.selectors import quotes as reading
from workflow.services import quotes
from workflow.services.quotes import papers

SEE = "workflow.view_quote"


@require_safe
@portal_view(SEE)
def listed(request: HttpRequest) -> HttpResponse:
    """What was offered, newest first."""
    today = timezone.localdate()
    rows = [(one, reading.is_answerable(one, today)) for one in reading.shown_to(theirs(request))]
    return page(request, "portal/workflow/quotes.html", rows=rows, page_title=gettext("Quotes"))


def _one(request: HttpRequest, pk: int) -> Quote:
    found = reading.one_shown_to(theirs(request), pk)
    if found is None:
        raise Http404
    return found


@require_safe
@portal_view(SEE)
def quote(request: HttpRequest, pk: int) -> HttpResponse:
    """One quote; while it stands, with both answers."""
    one = _one(request, pk)
    return _page(request, one, SignForm(), DeclineForm(prefix="no"))


def _page(request: HttpRequest, one: Quote, form: SignForm, no: DeclineForm) -> HttpResponse:
    lines = reading.lines(one)
    return page(
        request,
        "portal/workflow/quote.html",
        form=no if no.is_bound else form,
        sign=form,
        no=no,
        quote=one,
        once=[line for line in lines if not line.monthly],
        monthly=[line for line in lines if line.monthly],
        vendor=any(line.vat_class != "outside" for line in lines),
        stands=reading.is_answerable(one, timezone.localdate()),
        page_title=gettext("Quote"),
    )


@require_POST
@portal_view(SEE)
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Their yes, signed with a name."""
    one = _one(request, pk)
    form = SignForm(request.POST)
    if not form.is_valid():
        return _page(request, one, form, DeclineForm(prefix="no"))
    try:
        quotes.accept_at_portal(
            quote=one,
            name=form.cleaned_data["signed_by"],
            actor=me(request),
            address=address_of(request),
            browser=_plain(request.headers.get("User-Agent", "")),
            now=timezone.now(),
        )
    except DomainError as no:
        return _over(request, no)
    return done(
        request, gettext("Thank you. You accepted the quote; we will be in touch."), "portal-quote", pk
    )


def _plain(words: str) -> str:
    """What a browser says of itself, without control characters."""
    return "".join(letter if letter.isprintable() else " " for letter in words)


def _over(request: HttpRequest, no: DomainError) -> HttpResponse:
    messages.error(request, gettext(str(no)))
    return redirect("portal-quotes")


@require_POST
@portal_view(SEE)
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Their no, with the reason."""
    one = _one(request, pk)
    form = DeclineForm(request.POST, prefix="no")
    if not form.is_valid():
        return _page(request, one, SignForm(), form)
    try:
        quotes.decline_at_portal(quote=one, actor=me(request), now=timezone.now(), **form.cleaned_data)
    except DomainError as no:
        return _over(request, no)
    return done(request, gettext("You declined the quote. Thank you for telling us."), "portal-quotes")


@require_safe
@portal_view(SEE)
def paper(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The PDF as it was sent."""
    found = papers.stored(_one(request, pk).pk)
    return as_download(HttpResponse(found.content, content_type=found.content_type), found.filename)
