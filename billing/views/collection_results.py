"""Results in doubt, and how many collections come back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing.collecting import line_of, line_reference, told_in
from billing.forms.batches import SettleForm, WhyForm
from billing.models import CollectionLine, CollectionResult
from billing.selectors import collection_ratios
from billing.services import collection_results
from billing.tabular import Figures, taken
from billing.views.dialogs import answer
from herotill import charts
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.lists.views.dialogs import dialog
from herotill.pages import posted
from herotill.users.models import User

MONTHS = 12


@require_safe
@staff_view("billing.view_collectionresult")
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One row as it was told, what it was booked as, or why it waits."""
    found = get_object_or_404(
        CollectionResult.objects.select_related("line__batch", "line__customer", "line__receipt"), pk=pk
    )
    context = {
        "page_title": f"{found.get_kind_display()} {found.told_id}",
        "result": found,
        "may_settle": found.trouble and may(request.user, "billing.import_collection_results"),
    }
    return dialog(request, "billing/collections/result.html", context)


@staff_view("billing.import_collection_results")
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what a row in doubt is."""
    found = get_object_or_404(CollectionResult, pk=pk)

    def do(form: Any) -> tuple[str, str]:
        _settle(found, form.cleaned_data, cast(User, request.user))
        return "Settled.", reverse("billing:result-rows")

    return answer(
        request,
        form=SettleForm(posted(request), initial=_likely(found)),
        title="What this is",
        press="Settle",
        do=do,
        stays=True,
        said=f"{found.day}, {found.reference or found.text}: {found.trouble}",
    )


@staff_view("billing.import_collection_results")
def give_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Wait no longer for the result of a line."""
    line = get_object_or_404(CollectionLine.objects.select_related("batch"), pk=pk)

    def do(form: Any) -> tuple[str, str]:
        why, now = form.cleaned_data["why"], timezone.now()
        collection_results.give_up(line=line, why=why, actor=cast(User, request.user), now=now)
        return "It is owed as before.", reverse("billing:batch-lines") + f"?batch={line.batch_id}"

    return answer(
        request,
        form=WhyForm(posted(request)),
        title=f"No result of {line.reference}",
        press="Wait no longer",
        do=do,
        stays=True,
        said="Look at the bank first that it was not debited. It is owed as before, and may be collected again.",
    )


def _likely(result: CollectionResult) -> dict[str, str]:
    """The line it names, or one of the customer it names that still waits."""
    waiting = CollectionLine.objects.filter(
        batch__channel__in=told_in(result.channel), reference=result.reference, state__in=["planned", "sent"]
    ).exclude(batch__state="draft")
    line = result.line_id or waiting.order_by("-pk").values_list("pk", flat=True).first()
    return {
        "is_a": "line" if line else "customer",
        "line": line_reference(line) if line else "",
        "customer": result.reference,
    }


def _settle(result: CollectionResult, data: dict[str, Any], actor: User) -> None:
    now = timezone.now()
    if data["is_a"] == "line":
        line = CollectionLine.objects.filter(pk=line_of(data["line"]) or 0).select_related("batch").first()
        if line is None:
            raise DomainError("There is no such line.", field="line")
        collection_results.match(result=result, line=line, actor=actor, now=now)
    elif data["is_a"] == "customer":
        collection_results.give(result=result, customer=data["customer"], actor=actor, now=now)
    else:
        collection_results.name_other(result=result, what=data["what"], actor=actor, now=now)


@require_safe
@staff_view("billing.view_collectionresult")
def ratios(request: HttpRequest) -> HttpResponseBase:
    """Unpaids and disputes by group and month, against the limits."""
    found = collection_ratios.ratios(today=timezone.localdate(), months=MONTHS)
    limits = collection_ratios.limits()
    if request.GET.get("format"):
        figures = Figures(
            "collection-ratios", "unpaids-and-disputes", HEADINGS, [_cells(one) for one in found]
        )
        return taken(request, figures)
    months = collection_ratios.by_month(found)
    context = {
        "page_title": "Unpaids and disputes",
        "rows": [(one, limits.over(one)) for one in found],
        "limits": limits,
        "chart": charts.bars(
            [one.month.label for one in months],
            [
                ("Unpaid, %", [one.unpaid_share for one in months]),
                ("Disputed, %", [one.disputed_share for one in months]),
            ],
            words=_percent,
            sheet=charts.Sheet(left=44),
        ),
    }
    return render(request, "billing/collections/ratios.html", context)


HEADINGS = (
    "Month",
    "Billing group",
    "Collections",
    "Unpaid",
    "Unpaid %",
    "Disputed",
    "Disputed %",
    "Amount",
    "Unpaid amount",
)


def _cells(one: collection_ratios.Ratio) -> tuple[Any, ...]:
    return (
        one.month.label,
        one.group,
        one.lines,
        one.unpaid,
        one.unpaid_share,
        one.disputed,
        one.disputed_share,
        one.amount,
        one.amount_unpaid,
    )


def _percent(value: Decimal) -> str:
    return f"{value:.1f} %"
