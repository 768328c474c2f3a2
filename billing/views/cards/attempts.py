"""Card payments for staff: the page of one, what does not match, what gateways told us."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing.forms.card_payments import ConfirmForm, PayerForm, ReasonForm
from billing.models import CardAttempt, CardNotice
from billing.selectors import cards as reading
from billing.services.cards import booking, charging, settling
from billing.views.dialogs import answer
from customers.views.picker import is_about
from herotill import secrets
from herotill.access import may, staff_view
from herotill.lists.views.dialogs import dialog
from herotill.money import rand
from herotill.pages import posted
from herotill.secrets.showing import ReasonForm as RevealForm
from herotill.secrets.showing import shown
from herotill.users.models import User

SETTLE = "billing.settle_card_attempt"
State = CardAttempt.State
LATELY = timedelta(days=14)


def _found(pk: int) -> CardAttempt:
    attempt = reading.find(pk)
    if attempt is None:
        raise Http404("There is no such payment.")
    return attempt


@require_safe
@staff_view("billing.view_cardattempt")
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One card payment: where it stands, what was told of it, what it booked."""
    attempt = _found(pk)
    is_about(request, attempt.customer)
    sees = may(request.user, "billing.view_cardnotice")
    context = {
        "page_title": f"Card payment {attempt.reference}",
        "attempt": attempt,
        "notices": reading.notices_of(attempt) if sees else [],
        "sees_notices": sees,
        "deeds": list(_deeds(attempt)) if may(request.user, SETTLE) else [],
    }
    return render(request, "billing/cards/attempt.html", context)


def _deeds(attempt: CardAttempt) -> Iterator[tuple[str, str, str]]:
    """What a person may do with it: its name, its label, its tone."""
    if attempt.state in (State.REVIEW, State.REPORTED) and not attempt.receipt_id:
        yield "confirm", "Confirm…", "pri"
        yield "refuse", "Refuse…", ""
    if attempt.state == State.REVIEW and attempt.receipt_id:
        yield "keep", "Keep the receipt…", ""
    if attempt.state in (State.PAID, State.REVIEW) and (attempt.receipt_id or attempt.line_id):
        yield "reverse", "Disputed…", "bad"


@require_safe
@staff_view("billing.view_cardnotice")
def to_look_at(request: HttpRequest) -> HttpResponse:
    """What does not match: reported, paid otherwise than asked, paid by nobody we know, not verified."""
    context = {
        "page_title": "Card payments to look at",
        "attempts": reading.to_look_at(),
        "nameless": reading.nameless(),
        "unverified": reading.unverified(since=timezone.now() - LATELY),
        "days": LATELY.days,
    }
    return render(request, "billing/cards/to_look_at.html", context)


@staff_view(SETTLE)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Book what was found at the gateway."""
    attempt = _found(pk)
    notice = next((one for one in reversed(reading.notices_of(attempt)) if one.amount), None)
    initial = {"amount": notice.amount if notice else attempt.amount, "day": timezone.localdate()}
    form = ConfirmForm(posted(request), initial=initial)

    def do(form: Any) -> tuple[str, str]:
        settling.confirm(attempt=attempt, actor=_me(request), now=timezone.now(), **form.cleaned_data)
        return "Confirmed.", _url(attempt)

    said = f"{attempt.customer.name} ({attempt.customer.code}): {attempt.says}"
    return answer(request, form=form, title="Confirm the payment", press="Confirm", do=do, said=said)


@staff_view(SETTLE)
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that nothing came in."""
    attempt = _found(pk)

    def do(form: Any) -> tuple[str, str]:
        reason = form.cleaned_data["reason"]
        settling.refuse(attempt=attempt, reason=reason, actor=_me(request), now=timezone.now())
        return "Refused; nothing is booked.", _url(attempt)

    form = ReasonForm(posted(request))
    return answer(request, form=form, title="Refuse the payment", press="Refuse", do=do)


@staff_view(SETTLE)
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave the receipt as it stands."""
    attempt = _found(pk)

    def do(form: Any) -> tuple[str, str]:
        settling.keep_receipt(attempt=attempt, reason=form.cleaned_data["reason"], now=timezone.now())
        return "The receipt stays.", _url(attempt)

    form = ReasonForm(posted(request))
    return answer(request, form=form, title="Keep the receipt", press="Keep", do=do)


@staff_view(SETTLE)
def reverse_payment(request: HttpRequest, pk: int) -> HttpResponse:
    """The payer's bank took the money back."""
    attempt = _found(pk)

    def do(form: Any) -> tuple[str, str]:
        why, now = form.cleaned_data["reason"], timezone.now()
        if attempt.line_id:
            charging.came_back(attempt=attempt, why=why, now=now)
        else:
            booking.reverse(attempt=attempt, why=why, actor=_me(request), now=now, code="86")
        return f"{rand(attempt.amount)} reversed.", _url(attempt)

    form = ReasonForm(posted(request))
    said = "The receipt is reversed as an unpaid is: what it paid is owed again."
    return answer(request, form=form, title="Disputed", press="Reverse", do=do, said=said, danger=True)


@require_safe
@staff_view("billing.view_cardnotice")
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice: what it said, whether it is the gateway's word, what became of it."""
    found = _notice(pk)
    can_name = found.verified and not found.attempt_id and found.status == "paid"
    context = {
        "page_title": "Notice of a gateway",
        "notice": found,
        "may_reveal": may(request.user, SETTLE),
        "may_name": can_name and may(request.user, SETTLE),
    }
    return render(request, "billing/cards/notice.html", context)


def _notice(pk: int) -> CardNotice:
    return get_object_or_404(CardNotice.objects.select_related("gateway", "attempt__customer"), pk=pk)


@staff_view(SETTLE)
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """What was posted, for somebody with a reason that is kept."""
    found = _notice(pk)
    form = RevealForm(posted(request))
    title = "What was posted"
    if form.is_bound and form.is_valid():
        text = secrets.reveal(obj=found, field="raw", actor=request.user, reason=form.cleaned_data["reason"])
        return shown(request, title=title, text=text)
    context = {"form": form, "page_title": title, "press": "Show", "action": request.path}
    return dialog(request, "lists/_form_dialog.html", context, 422 if form.errors else 200)


@staff_view(SETTLE)
def name_payer(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whose money it is; it is then confirmed like any other."""
    found = _notice(pk)

    def do(form: Any) -> tuple[str, str]:
        made = settling.name_payer(notice=found, customer=form.cleaned_data["code"], now=timezone.now())
        return f"It is {made.customer.name}'s now; confirm it.", _url(made)

    form = PayerForm(posted(request))
    return answer(request, form=form, title="Whose payment is it?", press="Name", do=do)


def _url(attempt: CardAttempt) -> str:
    return reverse("billing:card-payment", args=[attempt.pk])


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)
