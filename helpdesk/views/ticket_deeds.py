"""What is done with a ticket at the desk, each in a dialog; and opening one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from billing.views.dialogs import answer
from helpdesk.forms import tickets as forms
from helpdesk.models import Priority, Ticket
from helpdesk.selectors import people
from helpdesk.selectors import tickets as reading
from helpdesk.services import tickets
from helpdesk.views.tickets import SEE, one, url_of
from herotill.access import may, staff_view
from herotill.clock import stamp
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.lists.views.dialogs import changed, gone_to
from herotill.pages import posted

ANSWER, ASSIGN = "helpdesk.answer_ticket", "helpdesk.assign_ticket"
CHANGE, CLOSE, MERGE = "helpdesk.change_ticket", "helpdesk.close_ticket", "helpdesk.merge_ticket"


def _dialog(
    request: HttpRequest,
    ticket: Ticket,
    form: Any,
    title: str,
    press: str,
    deed: Callable[[dict[str, Any]], str],
    *,
    stays: bool = True,
    **context: Any,
) -> HttpResponse:
    """A dialog about one ticket; with `stays` the page behind it is shown anew around what is being typed there."""

    def do(valid: Any) -> tuple[str, str]:
        return deed(valid.cleaned_data), url_of(ticket)

    title = f"{title}: #{ticket.pk}"
    return answer(request, form=form, title=title, press=press, do=do, stays=stays, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view("helpdesk.add_ticket")
def new(request: HttpRequest) -> HttpResponse:
    """Open a ticket for somebody who called, or for ourselves."""
    if request.headers.get("HX-Request"):
        return gone_to(request, request.get_full_path())  # a page of its own, for it takes files
    user: Any = request.user
    may_all = {"person": user, "may_answer": may(user, ANSWER), "may_assign": may(user, ASSIGN)}
    if request.method == "POST":
        form = forms.NewTicketForm(request.POST, request.FILES, **may_all)
        if form.is_valid() and (made := _open(form, user)):
            messages.success(request, f"Ticket #{made.pk} is open.")
            return redirect(url_of(made))
    else:
        theirs = people.departments_of(user)
        initial: dict[str, Any] = {"customer": request.GET.get("customer", ""), "priority": _usual()}
        initial |= {"department": theirs[0].pk} if theirs else {}
        form = forms.NewTicketForm(initial=initial, **may_all)
    status = 422 if request.method == "POST" else 200
    return render(
        request, "helpdesk/tickets/new.html", {"form": form, "page_title": "New ticket"}, status=status
    )


def _usual() -> int | None:
    return Priority.objects.filter(usual=True).values_list("pk", flat=True).first()


def _open(form: forms.NewTicketForm, user: Any) -> Ticket | None:
    data = dict(form.cleaned_data)
    try:
        data["files"] = tickets.checked(data["files"])
        return tickets.open_ticket(actor=user, now=stamp(), **data)
    except DomainError as no:
        refuse(form, no)
        return None


@staff_view(ASSIGN)
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a ticket to somebody."""
    ticket = one(pk)
    form = forms.AssignForm(posted(request), initial={"assignee": ticket.assignee_id})

    def deed(data: dict[str, Any]) -> str:
        who = data["assignee"]
        tickets.assign(ticket=ticket, assignee=who, actor=request.user, now=stamp())  # type: ignore[arg-type]
        return f"#{ticket.pk} is given to {who or 'nobody'}."

    return _dialog(request, ticket, form, "Give to", "Give ticket", deed)


@require_POST
@staff_view(ASSIGN)
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a ticket oneself."""
    ticket, user = one(pk), request.user
    try:
        tickets.assign(ticket=ticket, assignee=user, actor=user, now=stamp())  # type: ignore[arg-type]
    except DomainError as no:
        messages.error(request, str(no))
        return redirect(url_of(ticket))
    return changed(request, f"#{ticket.pk} is yours.", url_of(ticket))


@staff_view(CHANGE)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Say where a ticket belongs, how urgent it is, what it is called."""
    ticket = one(pk)
    form = forms.MoveForm(posted(request), ticket=ticket)

    def deed(data: dict[str, Any]) -> str:
        tickets.move(ticket=ticket, actor=request.user, now=stamp(), **data)  # type: ignore[arg-type]
        return f"#{ticket.pk} is moved."

    return _dialog(request, ticket, form, "Move", "Move ticket", deed)


@staff_view(CLOSE)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a ticket, and say why."""
    ticket = one(pk)
    newest = ticket.posts.order_by("pk").values_list("pk", flat=True).last()
    form = forms.CloseOneForm(posted(request), initial={"seen": newest})

    def deed(data: dict[str, Any]) -> str:
        tickets.close(ticket=ticket, actor=request.user, now=stamp(), **data)  # type: ignore[arg-type]
        return f"#{ticket.pk} is closed."

    return _dialog(request, ticket, form, "Close", "Close ticket", deed, stays=False)


@staff_view(CLOSE)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a closed ticket again."""
    ticket = one(pk)
    form = forms.ReopenForm(posted(request))

    def deed(data: dict[str, Any]) -> str:
        tickets.reopen(ticket=ticket, actor=request.user, now=stamp(), **data)  # type: ignore[arg-type]
        return f"#{ticket.pk} is open again."

    return _dialog(request, ticket, form, "Reopen", "Reopen ticket", deed, stays=False)


@staff_view(CHANGE)
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whom and what a ticket is about."""
    ticket = one(pk)
    form = forms.LinkForm(posted(request), ticket=ticket, person=request.user)

    def deed(data: dict[str, Any]) -> str:
        if data["account"] and not data["customer"]:
            data["customer"] = data["account"].customer
        tickets.link(ticket=ticket, actor=request.user, now=stamp(), **data)  # type: ignore[arg-type]
        return f"#{ticket.pk} is linked."

    return _dialog(request, ticket, form, "Link", "Save links", deed)


@staff_view(MERGE)
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring what was said on other tickets to this one."""
    ticket = one(pk)
    form = forms.MergeForm(posted(request), likely=reading.likely_to_merge(ticket))

    def deed(data: dict[str, Any]) -> str:
        others = form.chosen()
        tickets.merge(into=ticket, others=others, actor=request.user, now=stamp())  # type: ignore[arg-type]
        return f"Merged into #{ticket.pk}."

    said = (
        "What was said on them comes here, they are closed, and answers to them count here. It is not undone."
    )
    return _dialog(request, ticket, form, "Merge into", "Merge tickets", deed, said=said)


@staff_view(MERGE)
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a part of what was said on a new ticket."""
    ticket = one(pk)
    form = forms.SplitForm(posted(request), posts=reading.parts(ticket), initial={"subject": ticket.subject})

    def do(valid: Any) -> tuple[str, str]:
        made = tickets.split(ticket=ticket, actor=request.user, now=stamp(), **valid.cleaned_data)  # type: ignore[arg-type]
        return f"Ticket #{made.pk} goes on with a part of #{ticket.pk}.", url_of(made)

    return answer(request, form=form, title=f"Split: #{ticket.pk}", press="Split ticket", do=do)


@staff_view(ASSIGN)
def watchers(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who is told what happens on a ticket."""
    ticket = one(pk)
    form = forms.WatchForm(posted(request), initial={"watchers": ticket.watchers.all()})

    def deed(data: dict[str, Any]) -> str:
        tickets.watch_only(ticket=ticket, users=list(data["watchers"]))
        many = len(data["watchers"])
        return f"{many} {'is' if many == 1 else 'are'} told what happens on #{ticket.pk}."

    return _dialog(request, ticket, form, "Who is told", "Save", deed)


@require_POST
@staff_view(SEE)
def watch(request: HttpRequest, pk: int) -> HttpResponse:
    """Be told what happens on a ticket, or no longer."""
    ticket, on = one(pk), request.POST.get("on") == "1"
    tickets.watch(ticket=ticket, user=request.user, on=on)  # type: ignore[arg-type]
    said = (
        f"You are told what happens on #{ticket.pk}." if on else f"You are told nothing more of #{ticket.pk}."
    )
    return changed(request, said, url_of(ticket))
