"""The collectors' desk: the screen to call from, who is next, and the scripts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from billing.forms.desk import CallForm, FeeRulesForm, ScriptsForm
from billing.lists.desk import debtors
from billing.models import Debtor, Grounds, Promise, SuspensionRules
from billing.policies import scripts
from billing.selectors import work_list as reading
from billing.services import call_scripts, calls, fees, work_list
from customers.models import Customer
from customers.views.picker import is_about
from customers.views.profile import find_customer, head_context
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.lists import remembering
from herotill.lists.sheet import Sheet
from herotill.money import rand
from herotill.pages import posted, settings_page
from herotill.reference.selectors.company import company

SEE = "billing.view_debtor"
BREAKS = Promise.State.BROKEN


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(SEE)
def call(request: HttpRequest, code: str) -> HttpResponse:
    """One customer to call: who, what is due, what was said, and what to say. POST: the call, noted."""
    customer = find_customer(code.upper())
    is_about(request, customer)
    form = CallForm(posted(request))
    if request.method == "POST" and _saved(request, customer, form):
        if request.POST.get("then") == "next":
            return _go_on(request, customer)
        return redirect(f"{request.path}?{request.GET.urlencode()}")
    context = _context(request, customer) | {"form": form}
    return render(request, "billing/desk/call.html", context, status=422 if form.errors else 200)


def _saved(request: HttpRequest, customer: Customer, form: CallForm) -> bool:
    """Whether the call could be noted; what is wrong stands at the form otherwise."""
    if not may(request.user, "billing.add_debtornote"):
        form.add_error(None, "You may not add debtor notes.")
    if not form.is_valid():
        return False
    if form.promises and not may(request.user, "billing.add_promise"):
        form.add_error("amount", "You may not take promises down.")
        return False
    try:
        calls.save(
            customer=customer,
            now=timezone.now(),
            actor=request.user,  # type: ignore[arg-type]
            **form.cleaned_data,
        )
    except DomainError as no:
        refuse(form, no)
        return False
    messages.success(request, f"The call to {customer.name} is noted.")
    return True


def _context(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    now = timezone.now()
    found = reading.call(customer=customer, day=timezone.localdate(now))
    stands = reading.standing(customer)
    talks = bool(stands.taken_until and stands.taken_until > now and stands.taken_by != request.user.pk)
    return head_context(request, customer) | {
        "page_title": f"Call {customer.name}",
        "call": found,
        "stands": stands,
        "script": _script(request, customer, found, stands),
        "taken": stands.taken_name if talks else "",
        "query": request.GET.urlencode(),
        "recovery": Grounds.Recovery.HANDED_OVER if stands.handed_over else Grounds.Recovery.CEASED,
        "may_track": may(request.user, "outbox.view_message"),
        "may_dispute": may(request.user, "billing.add_dispute"),
        "may_write_off": may(request.user, "billing.issue_write_offs"),
        "may_note": may(request.user, "billing.add_debtornote"),
    }


def _script(
    request: HttpRequest, customer: Customer, found: reading.Call, stands: reading.Standing
) -> tuple[str, str]:
    """The title of the situation, and what is said in it."""
    name = scripts.situation(
        scripts.Standing(
            case=stands.case or "",
            overdue=found.overdue.amount > 0,
            broken=stands.broken and stands.promise == BREAKS,
            promised=stands.promise == Promise.State.OPEN,
            unpaid=stands.unpaid,
            disputed=found.disputed,
        )
    )
    person: Any = request.user
    values = {
        "name": customer.contact_name or customer.name,
        "code": customer.code,
        "amount": rand(found.overdue.amount),
        "oldest": str(found.overdue.since),
        "days": str((timezone.localdate() - found.overdue.since).days),
        "documents": str(found.documents),
        "promised": rand(stands.promised) if stands.promised is not None else "",
        "promised_for": str(stands.promised_by or ""),
        "collector": person.name or person.username,
        "company": company().called,
    }
    return scripts.SCRIPTS[name].title, scripts.said(call_scripts.texts()[name], values)


@require_POST
@staff_view(SEE)
def next_call(request: HttpRequest) -> HttpResponse:
    """Go to whom to call next of the list as it is filtered; `after` names who is passed over."""
    code = request.POST.get("after", "")
    return _go_on(request, find_customer(code) if code else None)


def _go_on(request: HttpRequest, after: Customer | None) -> HttpResponse:
    remembered = remembering.load(user=request.user, list_name=debtors.name)
    sheet = Sheet(debtors, request.user, request.GET, remembered)
    rows = sheet.matching.using(DEFAULT_DB_ALIAS)
    now, actor = timezone.now(), request.user
    found = None
    if after is not None:
        work_list.let_go(customer=after, actor=actor)  # type: ignore[arg-type]
        rows = rows.exclude(pk=after.pk)
        if row := Debtor.objects.filter(pk=after.pk).first():
            below = rows.filter(Q(score__lt=row.score) | Q(score=row.score, pk__gt=row.pk))
            found = work_list.take_next(rows=below, now=now, actor=actor)  # type: ignore[arg-type]
    found = found or work_list.take_next(rows=rows, now=now, actor=actor)  # type: ignore[arg-type]
    if found is None:
        messages.success(request, "Nobody is left to call on this list today.")
        return redirect(f"{reverse('billing:desk')}?{request.GET.urlencode() or 'all=1'}")
    url = reverse("billing:call", args=[found.customer.code])
    return redirect(f"{url}?{request.GET.urlencode()}" if request.GET else url)


@staff_view("billing.view_callscript")
def call_scripts_page(request: HttpRequest) -> HttpResponse:
    """What collectors say, by situation."""
    fields = "; ".join(f"{{{name}}} {means}" for name, means in scripts.FIELDS.items())
    return settings_page(
        request,
        right="billing.change_callscript",
        form=lambda sent: ScriptsForm(sent, texts=call_scripts.texts()),
        keep=lambda form: call_scripts.save(texts=form.cleaned_data),
        says="Call scripts saved.",
        title="Call scripts",
        about=f"What a collector reads while calling. Empty gives the words it comes with. Fields: {fields}.",
    )


@staff_view("billing.view_suspensionrules")
def fee_rules(request: HttpRequest) -> HttpResponse:
    """What late payment and unpaid debits cost."""
    return settings_page(
        request,
        right="billing.change_suspensionrules",
        form=lambda sent: FeeRulesForm(sent, instance=SuspensionRules.objects.get()),
        keep=lambda form: fees.set_rules(**form.cleaned_data),
        says="Fees saved.",
        title="Late and unpaid fees",
        about="They come with the next invoice. Whoever disputes what is late, or owes less than the minimum of"
        " the suspension rules, is charged none.",
    )
