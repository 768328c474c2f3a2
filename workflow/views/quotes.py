"""Quotes on the desk: one quote, its paper, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing.views.dialogs import answer
from customers.models import Customer
from herotill.access import may, staff_view
from herotill.downloads import as_download
from herotill.forms import Form
from herotill.lists.views.dialogs import gone_to
from herotill.pages import posted
from herotill.users.models import User
from workflow.forms import quotes as forms
from workflow.models import Lead, Quote
from workflow.selectors import quotes as reading
from workflow.services import quotes
from workflow.services.quotes import papers
from workflow.views.quote_details import details_shown

SEE, WRITE, CHANGE = "workflow.view_quote", "workflow.add_quote", "workflow.change_quote"
SEND, ANSWER = "workflow.send_quote", "workflow.answer_quote"
State = Quote.State


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that can be done with a quote in one of these states."""

    name: str
    label: str
    permission: str
    states: tuple[str, ...]
    tone: str = ""


ENDED = (State.DECLINED, State.EXPIRED, State.WITHDRAWN, State.REPLACED)
DEEDS = (
    Deed("send", "Send quote…", SEND, (State.DRAFT,), "pri"),
    Deed("accepted", "Customer accepted…", ANSWER, (State.SENT,)),
    Deed("declined", "Customer declined…", ANSWER, (State.SENT,)),
    Deed("resend", "Send link again…", SEND, (State.SENT,)),
    Deed("revise", "New version…", CHANGE, (State.SENT, *ENDED)),
    Deed("withdraw", "Withdraw…", CHANGE, (State.DRAFT, State.SENT)),
)


def one(pk: int) -> Quote:
    found = reading.find(pk)
    if found is None:
        raise Http404("No such quote.")
    return found


def _who(request: HttpRequest) -> User:
    return cast(User, request.user)


def url_of(quote: Quote) -> str:
    return reverse("workflow:quote", args=[quote.pk])


@require_safe
@staff_view(SEE)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One version of a quote: lines, sums, what became of it, the other versions."""
    quote = one(pk)
    lines, draft = reading.lines(quote), quote.state == State.DRAFT
    versions = reading.versions(quote)
    writes = draft and may(request.user, WRITE)
    acceptance = getattr(quote, "acceptance", None)
    context = {
        "quote": quote,
        "who": forms.name_of(quote),
        "lines": lines,
        "versions": versions if len(versions) > 1 else [],
        "deeds": list(_deeds(request, quote, versions)),
        "writes": writes,
        "extra": reading.extra_of(quote) if writes else None,
        "moved": reading.moved_prices(quote, lines, timezone.localdate()) if draft else [],
        "acceptance": acceptance,
        "details": details_shown(request.user, acceptance),
        "page_title": f"Quote {quote}",
    }
    request.menu_entry = "workflow.quotes"  # type: ignore[attr-defined]
    return render(request, "workflow/quotes/show.html", context)


def _deeds(request: HttpRequest, quote: Quote, versions: list[Quote]) -> Iterator[Deed]:
    taken = any(other.state in (State.DRAFT, State.ACCEPTED) for other in versions)
    for deed in DEEDS:
        possible = quote.state in deed.states and not (deed.name == "revise" and taken)
        if possible and may(request.user, deed.permission):
            yield deed


@require_safe
@staff_view(SEE)
def paper(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The PDF that was sent; of a draft, as it would go out now."""
    quote = one(pk)
    if quote.pdf_sha256:
        found = papers.stored(quote.pk)
        return as_download(HttpResponse(found.content, content_type=found.content_type), found.filename)
    until = timezone.localdate() + timedelta(days=reading.rules().quote_days)
    content = papers.preview(quote, expires_on=until)
    return as_download(HttpResponse(content, content_type="application/pdf"), f"{quote}-draft.pdf")


@staff_view(WRITE)
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a quote for a lead; a draft that is there already is opened instead."""
    lead = get_object_or_404(Lead, pk=pk)
    draft = Quote.objects.filter(lead=lead, state=State.DRAFT).first()
    if draft and request.method != "POST":
        return gone_to(request, url_of(draft))
    return _begin(request, f"Quote for {lead.name}", lead=lead)


@staff_view(WRITE)
def begin_for_customer(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a quote for an existing customer."""
    customer = get_object_or_404(Customer, code=code)
    return _begin(request, f"Quote for {customer.name}", customer=customer)


def _begin(request: HttpRequest, title: str, **whom: Any) -> HttpResponse:
    form = forms.BeginForm(posted(request))

    def do(form: forms.BeginForm) -> tuple[str, str]:
        made = quotes.begin(
            **whom,
            package=form.cleaned_data["package"],
            remark=form.cleaned_data["remark"],
            actor=_who(request),
            now=timezone.now(),
        )
        return f"{made} begun.", url_of(made)

    return answer(request, form=form, title=title, press="Begin quote", do=do)


def _deed(
    request: HttpRequest,
    quote: Quote,
    form: Any,
    *,
    title: str,
    press: str,
    do: Callable[[Any], object],
    said: str,
    about: str = "",
) -> HttpResponse:
    """A dialog about a quote. `do` may give the quote to go on with."""

    def done(form: Any) -> tuple[str, str]:
        made = do(form)
        return said, url_of(made if isinstance(made, Quote) else quote)

    return answer(
        request,
        form=form,
        title=title,
        press=press,
        do=done,
        template="workflow/quotes/_deed.html",
        about=about,
    )


@staff_view(SEND)
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze it and mail the link."""
    quote = one(pk)
    form = forms.SendForm(
        posted(request), initial={"to": quote.recipient, "days": reading.rules().quote_days}
    )
    return _deed(
        request,
        quote,
        form,
        title=f"Send {quote}",
        press="Send quote",
        about="Once sent it stands as it is; to change it, make a new version.",
        said="Sent. The customer gets a mail with the link.",
        do=lambda form: quotes.send(
            quote=quote, actor=_who(request), now=timezone.now(), **form.cleaned_data
        ),
    )


@staff_view(SEND)
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Mail the link once more."""
    quote = one(pk)
    return _deed(
        request,
        quote,
        forms.ResendForm(posted(request), initial={"to": quote.recipient}),
        title=f"Send the link to {quote} again",
        press="Send link",
        said="The link goes out again.",
        do=lambda form: quotes.resend(
            quote=quote, actor=_who(request), now=timezone.now(), **form.cleaned_data
        ),
    )


@staff_view(CHANGE)
def revise(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a draft of the next version."""
    quote = one(pk)
    return _deed(
        request,
        quote,
        Form(posted(request)),
        title=f"New version of {quote}",
        press="Make new version",
        about="The customer's link to the version that was sent ends at once, also before the new one is sent.",
        said="A draft with the same lines.",
        do=lambda form: quotes.revise(quote=quote, actor=_who(request), now=timezone.now()),
    )


@staff_view(CHANGE)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back."""
    quote = one(pk)
    return _deed(
        request,
        quote,
        Form(posted(request)),
        title=f"Withdraw {quote}",
        press="Withdraw quote",
        about="Its link ends at once. Nobody is told; a new version can be made later.",
        said="Withdrawn.",
        do=lambda form: quotes.withdraw(quote=quote),
    )


@staff_view(ANSWER)
def accepted(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer said yes on the phone or on paper."""
    quote = one(pk)

    def do(form: Any) -> object:
        data = form.cleaned_data
        return quotes.accept_by_hand(
            quote=quote,
            name=data["name"],
            document=data["document"],
            details={"payment_method": data["payment_method"]},
            actor=_who(request),
            now=timezone.now(),
        )

    form = forms.AcceptedForm(posted(request), initial={"name": forms.name_of(quote)})
    title = f"{quote} was accepted"
    return _deed(request, quote, form, title=title, press="Note the yes", said="Accepted.", do=do)


@staff_view(ANSWER)
def declined(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer said no on the phone or on paper."""
    quote = one(pk)
    return _deed(
        request,
        quote,
        forms.DeclinedForm(posted(request)),
        title=f"{quote} was declined",
        press="Note the no",
        said="Declined.",
        do=lambda form: quotes.decline_by_hand(
            quote=quote,
            actor=_who(request),
            now=timezone.now(),
            **form.cleaned_data,
        ),
    )
