"""The page of one request: old beside new, and the answer."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from herotill.access import may, staff_view
from herotill.approvals import deciding
from herotill.approvals.forms import DecideForm
from herotill.approvals.kinds import kinds
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.models import ApprovalRequest
from herotill.users.models import User

SEE = "house.view_approval"


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)


def _found(request: HttpRequest, pk: int) -> ApprovalRequest:
    """The request, for those who see all and for whoever asked."""
    people = ApprovalRequest.objects.select_related("asked_by", "decided_by")
    found = get_object_or_404(people, pk=pk, kind__in=[kind.name for kind in kinds])
    if found.asked_by_id != request.user.pk and not may(request.user, SEE):
        raise PermissionDenied
    return found


@staff_view()
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: what would change, why, and who answers."""
    found = _found(request, pk)
    if request.method == "POST":
        return _decide(request, found)
    return _page(request, found, DecideForm())


def _decide(request: HttpRequest, found: ApprovalRequest) -> HttpResponse:
    form, approve = DecideForm(request.POST), request.POST.get("outcome") == "approve"
    if not form.is_valid():
        return _page(request, found, form)
    actor, now = _me(request), timezone.now()
    try:
        deciding.decide(
            request=found, approve=approve, answer=form.cleaned_data["answer"], actor=actor, now=now
        )
    except DomainError as no:
        found.refresh_from_db()
        refuse(form, no)
        return _page(request, found, form)
    messages.success(request, "Approved and done." if approve else "Refused.")
    return redirect("approval", pk=found.pk)


@require_POST
@staff_view()
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own request back."""
    found = _found(request, pk)
    try:
        deciding.withdraw(request=found, actor=_me(request), now=timezone.now())
    except DomainError as no:
        messages.error(request, str(no))
    else:
        messages.success(request, "Taken back; everything stays as it is.")
    return redirect("approval", pk=pk)


def _page(request: HttpRequest, found: ApprovalRequest, form: DecideForm) -> HttpResponse:
    kind = kinds[found.kind]
    asked = deciding.opened(kind, found)
    subject = kind.subject(found.subject_id, asked.payload)
    context: dict[str, Any] = {
        "asked": found,
        "title": kind.title,
        "rows": deciding.rows(found),
        "subject_url": subject.url if subject else "",
        "is_stale": found.is_open and deciding.is_stale(kind, found),
        "refusal": deciding.refusal(request=found, user=_me(request)),
        "is_own": found.asked_by_id == request.user.pk,
        "form": form,
        "page_title": found.about,
        "may_list": may(request.user, SEE),
    }
    return render(request, "approvals/show.html", context, status=422 if form.errors else 200)
