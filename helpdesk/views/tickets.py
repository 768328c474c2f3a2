"""One ticket at the desk: its page, answers and notes, files, and who else is there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from helpdesk.forms.tickets import AnswerForm, CannedForm, NoteForm
from helpdesk.models import Ticket
from helpdesk.policies import canned as policy
from helpdesk.selectors import ticket_pages
from helpdesk.selectors import tickets as reading
from helpdesk.services import presence, tickets
from herotill.access import may, staff_view
from herotill.clock import stamp
from herotill.downloads import as_download
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.typed import number

SEE, ANSWER, CLOSE = "helpdesk.view_ticket", "helpdesk.answer_ticket", "helpdesk.close_ticket"


def one(pk: int) -> Ticket:
    found = reading.find(pk)
    if found is None:
        raise Http404("There is no such ticket.")
    return found


def url_of(ticket: Ticket) -> str:
    return reverse("helpdesk:ticket", args=[ticket.pk])


@require_safe
@staff_view(SEE)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said on a ticket, and what can be done with it."""
    return _page(request, one(pk))


def _page(request: HttpRequest, ticket: Ticket, status: int = 200, **forms: Any) -> HttpResponse:
    user: Any = request.user
    context = ticket_pages.page(user, ticket, whole="all" in request.GET, now=stamp())
    if context["answers"]:
        initial = {"seen": context["talk"].newest, "state": Ticket.State.PENDING}
        context |= {
            "answer_form": AnswerForm(may_close=may(user, CLOSE), initial=initial, prefix="answer"),
            "note_form": NoteForm(prefix="note"),
            "canned": reading.canned(ticket),
            "answering": ticket.state != Ticket.State.CLOSED or "answer_form" in forms,
        }
    context |= {"page_title": f"#{ticket.pk} {ticket.subject}"} | forms
    return render(request, "helpdesk/tickets/show.html", context, status=status)


@require_POST
@staff_view(ANSWER)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the customer. What was typed stays when something stands against it."""
    ticket, user = one(pk), request.user
    form = AnswerForm(request.POST, request.FILES, may_close=may(user, CLOSE), prefix="answer")
    if form.is_valid():
        try:
            tickets.answer(ticket=ticket, actor=user, now=stamp(), **_answer(form))  # type: ignore[arg-type]
        except DomainError as no:
            refuse(form, no)
            form.data = _with_all_seen(request.POST, form, ticket)
        else:
            presence.gone(ticket=ticket, user=user)  # type: ignore[arg-type]
            messages.success(request, f"Ticket #{ticket.pk} is answered.")
            return redirect(url_of(ticket))
    return _page(request, one(pk), 422, answer_form=form)


def _answer(form: AnswerForm) -> dict[str, Any]:
    data = dict(form.cleaned_data)
    return {"reason": None} | data | {"files": tickets.checked(data["files"])}


def _with_all_seen(sent: QueryDict, form: AnswerForm, ticket: Ticket) -> QueryDict:
    """What was sent, for a page that shows all there is: sending it again is meant."""
    again = sent.copy()
    again[form.add_prefix("seen")] = str(reading.conversation(ticket).newest)
    return again


@require_POST
@staff_view(ANSWER)
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a note among ourselves."""
    ticket, user = one(pk), request.user
    form = NoteForm(request.POST, request.FILES, prefix="note")
    if form.is_valid():
        try:
            tickets.note(
                ticket=ticket,
                text=form.cleaned_data["text"],
                files=tickets.checked(form.cleaned_data["files"]),
                actor=user,  # type: ignore[arg-type]
                now=stamp(),
            )
        except DomainError as no:
            refuse(form, no)
        else:
            return redirect(url_of(ticket))
    return _page(request, one(pk), 422, note_form=form)


@require_POST
@staff_view(ANSWER)
def canned(request: HttpRequest, pk: int) -> HttpResponse:
    """The field of the answer with a canned one behind what is typed there; nothing is written."""
    ticket, user = one(pk), request.user
    form = CannedForm(request.POST, offered=reading.canned(ticket), prefix="answer")
    form.is_valid()
    typed = str(form.data.get(form.add_prefix("text"), ""))
    chosen = form.cleaned_data.get("canned")
    if chosen:
        values = reading.canned_values(ticket, user)  # type: ignore[arg-type]
        typed = f"{typed.rstrip()}\n\n{policy.filled(chosen.text, values)}".lstrip()
    field = AnswerForm(initial={"text": typed}, prefix="answer")["text"]
    return render(request, "helpdesk/tickets/_text.html", {"field": field, "ticket": ticket})


@require_POST
@staff_view(SEE)
def here(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that this person looks at the ticket, or writes; tells who else does, and what came since."""
    ticket, user = one(pk), request.user
    now, writes = stamp(), request.POST.get("writes") == "1" and may(user, ANSWER)
    presence.here(ticket=ticket, user=user, now=now, writes=writes)  # type: ignore[arg-type]
    seen = number(request.POST.get("answer-seen"))
    context = {
        "ticket": ticket,
        "present": reading.presences(ticket, user, now),  # type: ignore[arg-type]
        "writes": writes,
        "newer": [] if seen is None else reading.newer(ticket, seen, user),  # type: ignore[arg-type]
    }
    return render(request, "helpdesk/tickets/_presence.html", context)


@require_safe
@staff_view(SEE)
def file(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """A file that came with a post, to be saved. The right is asked on each download."""
    found = reading.file_of(pk, file)
    if found is None:
        raise Http404("There is no such file on this ticket.")
    response = FileResponse(found.file.open("rb"), content_type=found.content_type)
    return as_download(response, found.filename)
