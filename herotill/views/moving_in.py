"""Setup: moving in from another system, step by step, until it is signed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import MaxValueValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from herotill import moving_in
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import AmountField, Form, refuse
from herotill.imports.kinds import kinds
from herotill.models import MovingIn
from herotill.moving_in import comparing, deeds

SEE, MOVE, SIGN = "house.view_movingin", "house.move_in", "house.sign_move"

BY_NUMBER = "Empty: compared by their number alone, as where the old system rounds otherwise."


class FigureForm(Form):
    """What the old system has of one step."""

    count = forms.IntegerField(
        label="How many it has", min_value=0, validators=[MaxValueValidator(100_000_000)]
    )
    amount = AmountField(max_digits=14)

    def __init__(self, step: moving_in.Step, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not step.with_amount:
            del self.fields["amount"]
            return
        self.fields["amount"].label = step.amount_label
        if step.amount_optional:
            self.fields["amount"].required = False
            self.fields["amount"].help_text = BY_NUMBER


class CallOffForm(Form):
    """Why a move ends without its proof."""

    why = forms.CharField(label="Why it is called off", max_length=300)


@require_safe
@staff_view(SEE)
def page(request: HttpRequest) -> HttpResponse:
    """The move that is under way with all its steps, or the way to begin one."""
    return _shown(request)


def _shown(request: HttpRequest, call_off: CallOffForm | None = None) -> HttpResponse:
    move = moving_in.current()
    compared = comparing.compare(move, day=timezone.localdate()) if move else None
    context = {
        "compared": compared,
        "rows": [_row(request.user, row) for row in compared.rows] if compared else [],
        "past": MovingIn.objects.exclude(MovingIn.OPEN)
        .select_related("began_by", "signed_by", "called_off_by")
        .order_by("-pk")[:20],
        "steps": list(moving_in.steps),
        "may_move": may(request.user, MOVE),
        "may_sign": may(request.user, SIGN),
        "call_off": call_off or CallOffForm(),
        "page_title": "Moving in",
    }
    return render(request, "setup/moving-in.html", context, status=422 if call_off else 200)


def _row(user: Any, row: comparing.Beside) -> dict[str, Any]:
    kind = kinds[row.step.imports]
    theirs = may(user, kind.permission)
    return {
        "it": row,
        "import_url": kind.url() if theirs else "",
        "brought": [{"it": one, "url": kind.url("show", one.pk) if theirs else ""} for one in row.imports],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(MOVE)
def figure(request: HttpRequest, name: str) -> HttpResponse:
    """Notes what the old system has of a step."""
    move = moving_in.current()
    if name not in moving_in.steps or move is None:
        raise Http404
    step = moving_in.steps[name]
    known = move.figures.filter(step=name).first()
    initial = {"count": known.count, "amount": known.amount} if known else {}
    form = FigureForm(step, request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        return _done(
            request,
            lambda: deeds.note(
                step=name,
                count=given["count"],
                amount=given.get("amount"),
                actor=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
            ),
            f"{step.title}: noted.",
        )
    context = {
        "form": form,
        "step": step,
        "may_change": True,
        "page_title": f"{step.title} in the old system",
    }
    return render(request, "setup/old-figure.html", context, status=422 if form.errors else 200)


@require_POST
@staff_view(SIGN)
def begin(request: HttpRequest) -> HttpResponse:
    """Begins a move: billing is off from now on, so whoever may switch it on begins."""
    return _done(
        request,
        lambda: deeds.begin(actor=request.user),  # type: ignore[arg-type]
        "Begun. Billing is off until this is signed.",
    )


@require_POST
@staff_view(SIGN)
def sign(request: HttpRequest) -> HttpResponse:
    """Signs the move, if nothing is in the way: billing is on."""
    return _done(
        request,
        lambda: deeds.sign(actor=request.user, now=timezone.now()),  # type: ignore[arg-type]
        "Signed. Billing is on.",
    )


@require_POST
@staff_view(SIGN)
def call_off(request: HttpRequest) -> HttpResponse:
    """Ends the move without its proof; what was imported stays."""
    form = CallOffForm(request.POST)
    if form.is_valid():
        try:
            deeds.call_off(why=form.cleaned_data["why"], actor=request.user, now=timezone.now())  # type: ignore[arg-type]
            messages.success(request, "Called off. Billing is on; what was imported is still here.")
            return redirect("moving-in")
        except DomainError as no:
            refuse(form, no)
    return _shown(request, form)


def _done(request: HttpRequest, deed: Callable[[], object], said: str) -> HttpResponse:
    try:
        deed()
        messages.success(request, said)
    except DomainError as no:
        messages.error(request, str(no))
    return redirect("moving-in")
