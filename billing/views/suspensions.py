"""The Accounts Workflow: a case and what is decided about it, the preview of the next run, the rules."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from billing.forms import suspensions as forms
from billing.models import SuspensionCase, SuspensionRules
from billing.selectors import cutover
from billing.selectors import why as whys
from billing.selectors.suspensions import cases as reading
from billing.selectors.suspensions import facts
from billing.services import suspensions
from billing.services.suspensions import settings
from billing.views.dialogs import answer
from customers.models import Customer
from herotill import tabular
from herotill.access import may, staff_view
from herotill.forms import Form
from herotill.lists.views.dialogs import dialog
from herotill.pages import posted, settings_page
from herotill.tabular import Figures

SHOWN = 25
HEAD = ("Code", "Customer", "What is done", "Overdue", "Why")
State = SuspensionCase.State
UNDER_WAY = (State.LISTED, State.APPROVED, State.WARNED, State.WARNED_TWICE, State.SUSPENDED)
DEEDS = (
    ("approve", "Approve…", "billing.approve_suspension", (State.LISTED,), "pri"),
    ("keep", "Keep suspended until paid…", "billing.approve_suspension", (State.TAKEN_OVER,), "pri"),
    ("pause", "Pause…", "billing.pause_suspension", UNDER_WAY, ""),
    ("reset", "Reset…", "billing.reset_suspension", (*UNDER_WAY, State.TAKEN_OVER), ""),
)


def _case(pk: int) -> SuspensionCase:
    found = SuspensionCase.objects.select_related(
        "customer__master", "customer__billing_group", "approved_by"
    )
    return get_object_or_404(found, pk=pk)


def _back(case: SuspensionCase) -> str:
    return reverse("billing:suspension", args=[case.pk])


@require_safe
@staff_view("billing.view_suspensioncase")
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: what is overdue, what happened, what comes next."""
    case = _case(pk)
    day, now = timezone.localdate(), timezone.now()
    planned = facts.of_one(customer=case.customer_id, day=day, now=now) if case.state != State.ENDED else None
    accounts, customers = reading.down(case)
    context = {
        "case": case,
        "planned": planned,
        "next": reading.in_words(planned.decision, day) if planned else "",
        "history": reading.history(case),
        "accounts": accounts,
        "customers": [one for one in customers if one.customer_id != case.customer_id],
        "deeds": list(_deeds(request, case)),
        "tone": reading.TONES[State(case.state)],
        "page_title": f"Suspension: {case.customer.name}",
    }
    return render(request, "billing/suspensions/case.html", context)


def _deeds(request: HttpRequest, case: SuspensionCase) -> list[dict[str, str]]:
    return [
        {
            "name": name,
            "label": label,
            "tone": tone,
            "url": reverse(f"billing:suspension-{name}", args=[case.pk]),
        }
        for name, label, permission, states, tone in DEEDS
        if case.state in states and may(request.user, permission)
    ]


@staff_view("billing.approve_suspension")
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the next run warn this customer; with sub-accounts that are overdue, where wanted."""
    case = _case(pk)
    also = [one for one in suspensions.with_subs([case.pk]) if one != case.pk]
    form = forms.ApproveForm(posted(request)) if also else Form(posted(request))

    def do(form: Any) -> tuple[str, str]:
        wanted = [case.pk, *also] if form.cleaned_data.get("subs") else [case.pk]
        count = suspensions.approve(cases=wanted, actor=request.user, now=timezone.now())  # type: ignore[arg-type]
        return f"{count} approved. The next run warns.", _back(case)

    names = ", ".join(
        f"{one.customer.name} ({one.customer.code})"
        for one in SuspensionCase.objects.filter(pk__in=also).select_related("customer")
    )
    said = f"The next run sends {case.customer.name} ({case.customer.code}) the first warning."
    if names:
        said += f" Sub-accounts that are overdue themselves: {names}."
    return answer(request, form=form, title="Approve", press="Approve", do=do, said=said)


@staff_view("billing.approve_suspension")
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with a customer who was taken over as suspended."""
    case = _case(pk)

    def do(form: Any) -> tuple[str, str]:
        suspensions.keep(cases=[case.pk], actor=request.user, now=timezone.now())  # type: ignore[arg-type]
        return "Stays suspended until it is paid.", _back(case)

    said = (
        f"{case.customer.name} stays suspended. Everything of theirs that is suspended now comes back by itself"
        " when what is overdue is paid; where nothing is overdue, that is at once."
    )
    return answer(
        request, form=Form(posted(request)), title="Keep suspended", press="Keep suspended", do=do, said=said
    )


@staff_view("billing.pause_suspension")
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a customer alone for some days."""
    case = _case(pk)
    form = forms.PauseForm(posted(request), initial={"days": SuspensionRules.objects.get().pause_days})

    def do(form: Any) -> tuple[str, str]:
        data = form.cleaned_data
        who: Any = request.user
        suspensions.pause(cases=[case.pk], days=data["days"], why=data["why"], actor=who, now=timezone.now())
        return f"Paused for {data['days']} days.", _back(case)

    said = (
        "Service comes back for so long." if case.state == State.SUSPENDED else "Nothing happens for so long."
    )
    return answer(request, form=form, title="Pause", press="Pause", do=do, said=said)


@staff_view("billing.reset_suspension")
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """End a case and bring back what it took down."""
    case = _case(pk)

    def do(form: Any) -> tuple[str, str]:
        who: Any = request.user
        suspensions.reset(cases=[case.pk], reason=form.cleaned_data["reason"], actor=who, now=timezone.now())
        return "The case has ended.", _back(case)

    back = {
        State.SUSPENDED: "What this case suspended comes back.",
        State.TAKEN_OVER: "Everything of theirs that is suspended now comes back.",
    }
    said = back.get(State(case.state), "The case ends.")
    form = forms.ReasonForm(posted(request))
    return answer(request, form=form, title="Reset", press="Reset", do=do, said=said)


@staff_view("billing.suspend_customer")
def at_once(request: HttpRequest, code: str) -> HttpResponse:
    """The big red button: suspend a customer now, after saying what that does."""
    customer = get_object_or_404(Customer, code=code)
    no = suspensions.why_not_at_once(customer=customer, now=timezone.now())

    def do(form: Any) -> tuple[str, str]:
        who: Any = request.user
        case = suspensions.suspend_at_once(
            customer=customer, reason=form.cleaned_data["reason"], actor=who, now=timezone.now()
        )
        return f"{customer.name} is suspended.", _back(case)

    lost = suspensions.would_lose(customer=customer, day=timezone.localdate())
    context: dict[str, Any] = {"said": lost, "warning": no, "danger": True}
    form = forms.ReasonForm(posted(request))
    title = f"Suspend {customer.name} now"
    return answer(request, form=form, title=title, press="Suspend now", do=do, **context)


@require_safe
@staff_view("billing.view_suspensioncase")
def why(request: HttpRequest, code: str) -> HttpResponse:
    """Why a customer is warned or suspended, or is not."""
    customer = get_object_or_404(Customer, code=code)
    told = whys.of_suspension(customer, day=timezone.localdate(), now=timezone.now())
    context = {"answer": told, "further": [], "customer": customer, "page_title": told.question}
    return dialog(request, "billing/why/answer.html", context)


@require_safe
@staff_view("billing.view_suspensioncase")
def preview(request: HttpRequest) -> HttpResponse:
    """What the next run would do, and why; by the statement that the run itself asks."""
    day, now = timezone.localdate(), timezone.now()
    rules, signed = SuspensionRules.objects.get(), cutover.signed()
    context = {
        "doing": reading.preview(day=day, now=now, shown=SHOWN),
        "frame": facts.frame(day=day, now=now, rules=rules, signed=signed),
        "rules": rules,
        "signed": signed,
        "shown": SHOWN,
        "page_title": "What the next run does",
        "may_run": may(request.user, "billing.run_suspensions"),
    }
    return render(request, "billing/suspensions/preview.html", context)


@require_safe
@staff_view("billing.view_suspensioncase")
def preview_file(request: HttpRequest) -> HttpResponseBase:
    """The preview as a file."""
    day = timezone.localdate()
    rows = reading.everything(day=day, now=timezone.now())
    figures = Figures("suspensions-preview", f"collections-{day}", HEAD, rows)
    return tabular.taken(request, figures, large="billing.export_suspensions")


@require_POST
@staff_view("billing.run_suspensions")
def run(request: HttpRequest) -> HttpResponse:
    """Run the collections day now."""
    who: Any = request.user
    begun = suspensions.begin(day=_today(), actor=who, now=timezone.now())
    return redirect("run", begun.pk)


def _today() -> date:
    return timezone.localdate()


@staff_view("billing.view_suspensionrules")
def rules(request: HttpRequest) -> HttpResponse:
    """When who does not pay is warned and suspended."""
    return settings_page(
        request,
        right="billing.change_suspensionrules",
        form=lambda sent: forms.SuspensionRulesForm(sent, instance=SuspensionRules.objects.get()),
        keep=lambda form: settings.change_rules(values=form.cleaned_data),
        says="Saved.",
        title="Suspension",
        about="Days count from the due date. A billing group has its own days, and a customer may have their own."
        " Late and unpaid fees stand on a page of their own.",
    )
