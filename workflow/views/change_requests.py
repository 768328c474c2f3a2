"""Change requests: a look at wanted beside current with the decision, the page of each, and taking one back."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing.views.dialogs import answer
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.lists.views.dialogs import changed, dialog
from herotill.pages import posted
from herotill.secrets import reveal
from herotill.secrets.showing import ReasonForm
from herotill.secrets.showing import shown as secret_shown
from herotill.users.models import User
from workflow.forms.change_requests import DecideForm, WithdrawForm
from workflow.models import ChangeRequest
from workflow.policies import change_fields
from workflow.selectors import change_requests as reading
from workflow.services import change_requests

SEE, ASK, DECIDE = (
    "workflow.view_changerequest",
    "workflow.add_changerequest",
    "workflow.decide_changerequest",
)
LOOK = "workflow/change_requests/look.html"
NUMBER = "billing.reveal_account_number"
State = ChangeRequest.State


def _one(pk: int) -> ChangeRequest:
    found = reading.one(pk)
    if found is None:
        raise Http404("There is no such request.")
    return found


def _comparison(request: HttpRequest, one: ChangeRequest, looked_at: str = "") -> reading.Comparison:
    sees = [right for right in (change_fields.SEES_ID,) if may(request.user, right)]
    return reading.comparison(one, sees=sees, looked_at=looked_at)


def _accepts(request: HttpRequest, one: ChangeRequest) -> bool:
    """Whether this person may make such a change by hand as well, and sees all of it."""
    return all(may(request.user, right) for right in reading.rights_to_accept(one))


def _context(request: HttpRequest, one: ChangeRequest, compared: reading.Comparison) -> dict[str, Any]:
    waits = one.state == State.WAITING
    return {
        "one": one,
        "compared": compared,
        "waits": waits,
        "ends_mandate": waits and reading.ends_mandate(one),
        "may_decide": waits and may(request.user, DECIDE),
        "may_accept": waits and may(request.user, DECIDE) and _accepts(request, one),
    }


@staff_view(SEE)
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """What is wanted beside what stands. Whoever may decides here, about exactly what is shown."""
    one, form = _one(pk), DecideForm(posted(request))
    if request.method != "POST":
        return _looked_at(request, one, form, 200)
    return _decided(request, one, form) or _looked_at(request, _one(pk), form, 422)


def _looked_at(request: HttpRequest, one: ChangeRequest, form: DecideForm, status: int) -> HttpResponse:
    """The dialog. What is decided on next is what is shown now."""
    compared = _comparison(request, one, request.POST.get("shown", ""))
    shown = {"version": compared.version, "shown": compared.shown}
    context = _context(request, one, compared) | {
        "form": form,
        "shown": shown,
        "page_title": f"{one.customer.name}: {one.get_kind_display().lower()}",
        "action": request.path,
    }
    return dialog(request, LOOK, context, status)


def _decided(request: HttpRequest, one: ChangeRequest, form: DecideForm) -> HttpResponse | None:
    """The decision carried out; nothing where it could not be, which the form then says."""
    accepting = request.POST.get("decision") == "accept"
    if not may(request.user, DECIDE) or (accepting and not _accepts(request, one)):
        form.add_error(None, "Somebody with the right to make this change decides about it.")
        return None
    if not form.is_valid():
        return None
    try:
        said = _accept(request, one, form) if accepting else _reject(request, one, form)
    except DomainError as no:
        refuse(form, no)
        return None
    return changed(request, said, reverse("workflow:updates"))


def _accept(request: HttpRequest, one: ChangeRequest, form: DecideForm) -> str:
    data, ends = form.cleaned_data, reading.ends_mandate(one)
    change_requests.accept(
        request=one,
        version=data["version"],
        shown=data["shown"],
        actor=cast(User, request.user),
        now=timezone.now(),
    )
    more = " The mandate has ended; ask for a new one." if ends else ""
    return f"The changes are made.{more}"


def _reject(request: HttpRequest, one: ChangeRequest, form: DecideForm) -> str:
    why = form.cleaned_data["why"]
    change_requests.reject(request=one, why=why, actor=cast(User, request.user), now=timezone.now())
    return "The changes are rejected; the customer is told."


@require_safe
@staff_view(SEE)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One request, whatever became of it: who wanted what, beside what stood, and who said what to it."""
    one = _one(pk)
    context = _context(request, one, _comparison(request, one)) | {
        "page_title": f"{one.customer.name}: {one.get_kind_display().lower()}",
        "may_withdraw": one.state == State.WAITING and may(request.user, ASK),
        "may_reveal": bool(one.number) and may(request.user, NUMBER),
    }
    return render(request, "workflow/change_requests/request.html", context)


@staff_view(ASK)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer does not want it any more."""
    one = _one(pk)

    def do(form: WithdrawForm) -> tuple[str, str]:
        why, who = form.cleaned_data["why"], cast(User, request.user)
        change_requests.withdraw(request=one, why=why, actor=who, now=timezone.now())
        return "The request is withdrawn.", reverse("workflow:change-request", args=[one.pk])

    form = WithdrawForm(posted(request))
    return answer(request, form=form, title="Withdraw the request", press="Withdraw the request", do=do)


@staff_view(NUMBER)
def number(request: HttpRequest, pk: int) -> HttpResponse:
    """The account number that is wanted, for who may see such numbers and says why."""
    one, form = _one(pk), ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            text = reveal(obj=one, field="number", actor=request.user, reason=form.cleaned_data["reason"])
        except DomainError as no:
            form.add_error("reason", str(no))
        else:
            return secret_shown(request, title=f"Account number {one.customer.name} asks for", text=text)
    context = {
        "form": form,
        "page_title": "Show the account number",
        "press": "Show it",
        "action": request.path,
    }
    return dialog(request, "lists/_form_dialog.html", context, 422 if request.method == "POST" else 200)
