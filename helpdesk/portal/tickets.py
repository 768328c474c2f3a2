"""Tickets in the portal: theirs, opened, read, added to, said to be solved."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from customers.portal.answers import theirs
from helpdesk.forms.customers_words import OpenForm, ReplyForm
from helpdesk.models import Post, Ticket
from helpdesk.selectors import customers_tickets as reading
from helpdesk.selectors.rules import rules
from helpdesk.services import customers_words, tickets
from herotill.downloads import as_download
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.pages import done, page, told
from herotill.portal import private_view, seat
from herotill.typed import number

SEE = "helpdesk.view_ticket"


def _find(request: HttpRequest, pk: int) -> Ticket:
    ticket = reading.one(theirs(request), pk)
    if ticket is None:
        raise Http404
    return ticket


@require_safe
@private_view(SEE)
def listed(request: HttpRequest) -> HttpResponse:
    """Their tickets: what is open, and a page of what is closed."""
    customer = theirs(request)
    before = number(request.GET.get("before"))
    closed, further = reading.closed_ones(customer, before=before)
    return page(
        request,
        "portal/tickets/list.html",
        open_ones=reading.open_ones(customer) if before is None else [],
        closed=closed,
        further=further,
        earlier=before is not None,
        may_open=rules().portal_tickets,
        page_title=_("Tickets"),
    )


@private_view(SEE)
def new(request: HttpRequest) -> HttpResponse:
    """A new ticket. What was typed stays where something is missing."""
    if not rules().portal_tickets:
        raise Http404
    customer = theirs(request)
    sent = request.method == "POST"
    form = OpenForm(request.POST if sent else None, request.FILES if sent else None, customer=customer)
    if sent and form.is_valid():
        try:
            chosen = form.cleaned_data | {"files": tickets.checked(form.cleaned_data["files"])}
            name = seat(request).signature
            ticket = customers_words.open_ticket(customer=customer, name=name, now=timezone.now(), **chosen)
        except DomainError as no:
            refuse(form, no)
        else:
            says = _("We have your question. You get a mail when we answer.")
            return done(request, says, "portal-ticket", ticket.pk)
    return page(request, "portal/tickets/new.html", form=form, page_title=_("Ask us something"))


@require_safe
@private_view(SEE)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said on one ticket, and a form to add to it."""
    ticket = _find(request, pk)
    if ticket.merged_into_id:
        return redirect("portal-ticket", ticket.merged_into_id)
    return _show(request, ticket, ReplyForm())


def _show(request: HttpRequest, ticket: Ticket, form: ReplyForm) -> HttpResponse:
    return page(
        request,
        "portal/tickets/ticket.html",
        form=form,
        ticket=ticket,
        posts=reading.conversation(ticket),
        may_solve=ticket.state != Ticket.State.CLOSED and customers_words.solved_reason(),
        page_title=ticket.subject,
    )


@require_POST
@private_view(SEE)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """They add to the ticket; a closed one opens again, or another follows it."""
    ticket = _find(request, pk)
    form = ReplyForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            post = customers_words.reply(
                ticket=ticket,
                text=form.cleaned_data["text"],
                files=tickets.checked(form.cleaned_data["files"]),
                via=Post.Via.PORTAL,
                name=seat(request).signature,
                now=timezone.now(),
            )
        except DomainError as no:
            refuse(form, no)
        else:
            return done(request, _("Sent. You get a mail when we answer."), "portal-ticket", post.ticket_id)
    return _show(request, ticket, form)


@require_POST
@private_view(SEE)
def solved(request: HttpRequest, pk: int) -> HttpResponse:
    """They say that it is solved."""
    ticket = _find(request, pk)
    name, via = seat(request).signature, Post.Via.PORTAL
    told(
        request,
        lambda: customers_words.solved(ticket=ticket, via=via, name=name, now=timezone.now()),
        _("Thank you. The ticket is closed."),
    )
    return redirect("portal-ticket", ticket.pk)


@require_safe
@private_view(SEE)
def file(request: HttpRequest, pk: int, file_pk: int) -> HttpResponseBase:
    """A file of the conversation, as a download."""
    found = reading.file_of(_find(request, pk), file_pk)
    if found is None:
        raise Http404
    return as_download(FileResponse(found.file.open("rb"), content_type=found.content_type), found.filename)
