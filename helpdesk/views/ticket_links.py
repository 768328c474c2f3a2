"""A ticket as its mailed link opens it: what was said to and by the customer. Opening it changes nothing."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk.forms.customers_words import ReplyForm
from helpdesk.models import Post, Ticket
from helpdesk.selectors import correspondents
from helpdesk.selectors import customers_tickets as reading
from helpdesk.services import customers_words, ticket_links, tickets
from herotill.downloads import as_download
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.links import link_view

DONE = {"sent": _("Sent. You get a mail when we answer."), "solved": _("Thank you. The ticket is closed.")}


@require_http_methods(["GET", "HEAD", "POST"])
@link_view
def ticket(request: HttpRequest, token: str) -> HttpResponse:
    """The conversation with a form to add to it. A POST says what is done."""
    found = ticket_links.opened(token=token, now=timezone.now())
    if found is None:
        return _over(request)
    match request.POST.get("deed") if request.method == "POST" else None:
        case "answer":
            return _answer(request, *found)
        case "solved":
            return _solved(request, *found)
    return _show(request, found[0], ReplyForm())


def _answer(request: HttpRequest, ticket: Ticket, address: str) -> HttpResponse:
    form = ReplyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, ticket, form)
    try:
        post = customers_words.reply(
            ticket=ticket,
            text=form.cleaned_data["text"],
            files=tickets.checked(form.cleaned_data["files"]),
            via=Post.Via.LINK,
            name=correspondents.name_of(ticket, address),
            email=address,
            now=timezone.now(),
        )
    except DomainError as no:
        refuse(form, no)
        return _show(request, ticket, form)
    return _back(post.ticket, address, "sent")


def _solved(request: HttpRequest, ticket: Ticket, address: str) -> HttpResponse:
    try:
        customers_words.solved(ticket=ticket, via=Post.Via.LINK, now=timezone.now())
    except DomainError as no:
        form = ReplyForm({})
        form.errors.clear()
        form.add_error(None, str(no))
        return _show(request, ticket, form)
    return _back(ticket, address, "solved")


def _back(ticket: Ticket, address: str, done: str) -> HttpResponse:
    """To the page of the ticket on which it counts, so that loading it again sends nothing."""
    here = reverse("ticket-link", args=[ticket_links.token_of(ticket, address)])
    return redirect(f"{here}?done={done}")


def _show(request: HttpRequest, ticket: Ticket, form: ReplyForm) -> HttpResponse:
    context = {
        "ticket": ticket,
        "posts": reading.conversation(ticket),
        "form": form,
        "done": DONE.get(request.GET.get("done", "")),
        "may_solve": ticket.state != Ticket.State.CLOSED and customers_words.solved_reason(),
    }
    return _page(request, "helpdesk/link/ticket.html", 422 if form.errors else 200, **context)


@require_safe
@link_view
def file(request: HttpRequest, token: str, pk: int) -> HttpResponseBase:
    """A file of the conversation, as a download, while the link opens it."""
    found = ticket_links.opened(token=token, now=timezone.now())
    kept = reading.file_of(found[0], pk) if found else None
    if kept is None:
        return _over(request)
    return as_download(FileResponse(kept.file.open("rb"), content_type=kept.content_type), kept.filename)


def _over(request: HttpRequest) -> HttpResponse:
    return _page(request, "helpdesk/link/over.html", 410)


def _page(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    response = render(request, template, context | {"page_title": str(_("Ticket"))}, status=status)
    response.headers["Cache-Control"] = "no-store, private"
    return response
