"""Cancellations: asking, approving with what follows, the customer's answer, and why customers left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing.forms import cancellations as forms
from billing.models import Cancellation
from billing.selectors import cancellations as reading
from billing.services import cancellations
from billing.views.dialogs import answer
from customers.models import Customer
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import Form
from herotill.links import link_view
from herotill.network import address_of
from herotill.pages import posted

DECIDE = "billing/cancellations/_decide.html"


@staff_view("billing.add_cancellation")
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Ask that a customer or some of their data accounts ends."""
    customer = get_object_or_404(Customer, code=code)
    form = forms.AskForm(
        posted(request),
        choices=reading.choices(customer),
        earliest=reading.earliest(customer=customer, day=timezone.localdate()),
    )

    def do(form: forms.AskForm) -> tuple[str, str]:
        data = form.cleaned_data
        cancellations.ask(
            customer=customer,
            accounts=form.chosen,
            reason=data["reason"],
            comment=data["comment"],
            last_day=data["last_day"],
            actor=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
        return "Waits for approval.", reverse("customers:profile", args=[customer.code])

    title = f"Cancel {customer.name}"
    return answer(request, form=form, title=title, press="Ask for approval", do=do)


def _one(pk: int) -> Cancellation:
    found = Cancellation.objects.select_related(
        "customer", "reason", "asked_by", "approved_by", "final_draft"
    )
    return get_object_or_404(found, pk=pk)


@require_safe
@staff_view("billing.view_cancellation")
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One cancellation: what it ends, what it costs, who said what."""
    one = _one(pk)
    open_one = one.state in Cancellation.OPEN
    context = {
        "one": one,
        "ends": cancellations.consequences(cancellation=one) if open_one else None,
        "page_title": f"Cancellation: {one.customer.name}",
        "deeds": list(_deeds(request, one)),
    }
    return render(request, "billing/cancellations/cancellation.html", context)


DEEDS = (
    ("approve", "Approve…", "billing.approve_cancellation", (Cancellation.State.ASKED,), "pri"),
    ("refuse", "Refuse…", "billing.approve_cancellation", (Cancellation.State.ASKED,), ""),
    ("confirm", "Confirmed by hand…", "billing.approve_cancellation", (Cancellation.State.APPROVED,), ""),
    ("again", "Try again", "billing.approve_cancellation", (Cancellation.State.CONFIRMED,), ""),
    ("withdraw", "Customer stays…", "billing.withdraw_cancellation", Cancellation.OPEN, ""),
)


def _deeds(request: HttpRequest, one: Cancellation) -> Any:
    for name, label, permission, states, tone in DEEDS:
        if one.state in states and may(request.user, permission) and (name != "again" or one.trouble):
            yield {"name": name, "label": label, "tone": tone, "url": _url(name, one)}


def _url(name: str, one: Cancellation) -> str:
    return reverse(f"billing:cancellation-{name}", args=[one.pk])


def _decision(
    request: HttpRequest,
    one: Cancellation,
    *,
    form: Form,
    title: str,
    press: str,
    said: str,
    do: Callable[[Form], object],
) -> HttpResponse:
    def done(form: Form) -> tuple[str, str]:
        do(form)
        return said, reverse("billing:cancellation", args=[one.pk])

    ends = cancellations.consequences(cancellation=one)
    return answer(request, form=form, title=title, press=press, do=done, template=DECIDE, one=one, ends=ends)


@staff_view("billing.approve_cancellation")
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree, after a look at all that ends and what it costs; the customer is then asked."""
    one, now = _one(pk), timezone.now()
    return _decision(
        request,
        one,
        form=Form(posted(request)),
        title="Approve the cancellation",
        press="Approve and ask the customer",
        said="Approved. The customer gets a mail to confirm.",
        do=lambda form: cancellations.approve(cancellation=one, actor=request.user, now=now),  # type: ignore[arg-type]
    )


def _said_why(
    request: HttpRequest, pk: int, do: Callable[..., object], *, form: Form, title: str, press: str, said: str
) -> HttpResponse:
    """A decision with a sentence of its own; `do` takes the cancellation, `why`, who and when."""
    one = _one(pk)

    def decide(form: Form) -> object:
        return do(cancellation=one, why=form.cleaned_data["why"], actor=request.user, now=timezone.now())

    return _decision(request, one, form=form, title=title, press=press, said=said, do=decide)


@staff_view("billing.approve_cancellation")
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no, with a reason."""
    return _said_why(
        request,
        pk,
        cancellations.refuse,
        form=forms.WhyForm(posted(request)),
        title="Refuse the cancellation",
        press="Refuse",
        said="Refused; service goes on.",
    )


@staff_view("billing.approve_cancellation")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer confirmed by a letter or in person."""
    return _said_why(
        request,
        pk,
        cancellations.confirm_by_hand,
        form=forms.HowForm(posted(request)),
        title="The customer confirmed",
        press="It counts",
        said="Confirmed. It ends by itself on its day.",
    )


@staff_view("billing.withdraw_cancellation")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer stays."""
    return _said_why(
        request,
        pk,
        cancellations.withdraw,
        form=forms.WhyForm(posted(request)),
        title="The customer stays",
        press="Withdraw the cancellation",
        said="Withdrawn; service and billing go on as before.",
    )


@staff_view("billing.approve_cancellation")
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have it carried out once more, after what stood in the way was put right."""
    one = _one(pk)
    return _decision(
        request,
        one,
        form=Form(posted(request)),
        title="Try again",
        press="Try again",
        said="It is taken up again within minutes.",
        do=lambda form: cancellations.try_again(cancellation=one, now=timezone.now()),
    )


@link_view
def customers_answer(request: HttpRequest, token: str) -> HttpResponse:
    """What the customer's link opens: what ends and when, and two buttons. Opening it changes nothing."""
    now = timezone.now()
    found = cancellations.find(token=token, now=now)
    if found is None:
        return render(request, "billing/cancellations/over.html", {"page_title": "Cancellation"}, status=410)
    form = forms.AnswerForm(posted(request))
    context: dict[str, Any] = {
        "one": found,
        "ends": cancellations.consequences(cancellation=found),
        "form": form,
        "page_title": "Cancellation",
    }
    if request.method == "POST" and form.is_valid():
        confirms = request.POST.get("answer") == "confirm"
        try:
            cancellations.answer(
                token=token,
                confirms=confirms,
                text=form.cleaned_data["text"],
                address=address_of(request),
                now=now,
            )
        except DomainError:
            return render(request, "billing/cancellations/over.html", context, status=410)
        return render(request, "billing/cancellations/answered.html", context | {"confirms": confirms})
    return render(request, "billing/cancellations/answer.html", context)
