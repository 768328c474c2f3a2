"""Reports about money: on the screen with a chart where one helps, and as files."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from billing.filters.ageing import day_of, way_of
from billing.forms.reports import ReportDaysForm, TakeOverForm
from billing.models import BankAccount
from billing.selectors import ageing, cutover, debtors, expected, revenue, vat201
from billing.services import cutover as taking_over
from billing.services import pictures
from billing.tabular import Figures, taken
from herotill import charts
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.money import ZERO
from herotill.months import Month
from herotill.pages import report_page
from herotill.reference.selectors import vat
from herotill.reports import reports

SEE = "billing.see_reports"
SHOWN = 200
BY = {
    "group": "Customer group",
    "billing_group": "Billing group",
    "status": "Status",
    "payment_method": "Payment type",
}


@require_safe
@staff_view()
def index(request: HttpRequest) -> HttpResponse:
    """Every report this person may see."""
    shown = [one for one in reports if may(request.user, one.permission)]
    return render(request, "billing/reports/index.html", {"page_title": "Reports", "reports": shown})


def days(request: HttpRequest, *, months: int, whole: bool = False) -> tuple[ReportDaysForm, date, date]:
    """The days of the address; else the last so many months, up to today or to the end of the last whole one."""
    today = timezone.localdate()
    end = Month.of(today).plus(-1).last if whole else today
    first = Month.of(end).plus(1 - months).first
    form = ReportDaysForm(
        request.GET if "first" in request.GET else None, initial={"first": first, "last": end}
    )
    if form.is_bound and form.is_valid():
        return form, form.cleaned_data["first"], form.cleaned_data["last"]
    return form, first, end


def page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    return report_page(request, name, f"billing/reports/{name}.html", **context)


@require_safe
@staff_view(SEE)
def revenue_by_product(request: HttpRequest) -> HttpResponseBase:
    """Revenue by product and month, without VAT, net of credit notes."""
    form, first, last = days(request, months=12)
    found = revenue.by_product(first=first, last=last)
    labels = [month.label for month in found.months]
    if request.GET.get("format"):
        rows = [[one.code, one.name, *one.by_month, one.total] for one in found.products]
        head = ("Code", "Product", *labels, "Total")
        return taken(request, Figures("revenue", f"revenue-{first}-{last}", head, rows))
    chart = charts.bars(labels, [("Revenue without VAT", found.by_month)])
    shown = {"form": form, "found": found, "labels": labels, "chart": chart}
    return page(request, "revenue", shown)


@require_safe
@staff_view(SEE)
def vat_by_rate(request: HttpRequest) -> HttpResponseBase:
    """Output VAT by rate and by document, as the VAT201 asks for it."""
    form, first, last = days(request, months=2, whole=True)
    rows = vat201.vat201(first, last)
    if request.GET.get("format"):
        documents = vat201.documents(first, last)
        head = (
            "Date",
            "Number",
            "Kind",
            "Customer",
            "Code",
            "VAT class",
            "VAT %",
            "Excl. VAT",
            "VAT",
            "Incl. VAT",
        )
        return taken(request, Figures("vat", f"vat-{first}-{last}", head, [one.cells for one in documents]))
    documents = vat201.documents(first, last, limit=SHOWN + 1)
    shown = {
        "form": form,
        "rows": rows,
        "excl": sum((row.excl for row in rows), ZERO),
        "vat": vat201.output_vat(rows),
        "incl": sum((row.incl for row in rows), ZERO),
        "documents": documents[:SHOWN],
        "more": len(documents) > SHOWN,
    }
    return page(request, "vat", shown)


@require_POST
@staff_view("billing.see_age_analysis")
def ages(request: HttpRequest) -> HttpResponse:
    """Work out everybody's ages of a day, for the list."""
    return _worked_out(request, f"{reverse('billing:age-analysis')}?{request.GET.urlencode() or 'all=1'}")


def _worked_out(request: HttpRequest, url: str) -> HttpResponse:
    as_at = day_of(request.GET, timezone.localdate())
    pictures.of(as_at=as_at, counted=way_of(request.GET), now=timezone.now())
    return HttpResponseClientRefresh() if request.headers.get("HX-Request") else redirect(url)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(SEE)
def debtors_report(request: HttpRequest) -> HttpResponseBase:
    """Who owes most, and what groups owe by age. POST: work out the ages of that day."""
    if request.method == "POST":
        return _worked_out(request, request.get_full_path())
    key: Any = request.GET.get("by") if request.GET.get("by") in BY else "group"
    as_at = day_of(request.GET, timezone.localdate())
    picture = pictures.kept(as_at=as_at, counted=way_of(request.GET))
    groups, whole = debtors.by(picture, key), debtors.whole(picture)
    if request.GET.get("format") and picture:
        rows = [[one.name, one.customers, *one.aged, one.total] for one in groups]
        head = (BY[key], "Customers", *ageing.BUCKETS, "Total")
        return taken(request, Figures("debtors", f"debtors-{as_at}", head, rows))
    shown = {
        "as_at": as_at,
        "renewal": pictures.renewal(picture, now=timezone.now(), url=request.get_full_path()),
        "by": key,
        "choices": BY,
        "groups": groups,
        "whole": whole,
        "top": debtors.top(picture),
        "buckets": ageing.BUCKETS,
        "chart": charts.stacked(list(zip(ageing.BUCKETS, whole.aged, strict=True))),
    }
    return page(request, "debtors", shown)


@require_safe
@staff_view(SEE)
def unallocated(request: HttpRequest) -> HttpResponseBase:
    """Payments and credits of which something has paid nothing yet."""
    accounts: dict[int | None, str] = dict(BankAccount.objects.values_list("pk", "name"))
    if request.GET.get("format"):
        head = ("Date", "Code", "Customer", "Kind", "Account", "Reference", "Amount", "Not used")
        rows = [
            [
                one.day,
                one.code,
                one.name,
                one.kind_label,
                accounts.get(one.account, ""),
                one.reference,
                one.amount,
                one.open,
            ]
            for one in debtors.unused(limit=1_000_000)
        ]
        return taken(request, Figures("unallocated", "unallocated", head, rows))
    count, amount = debtors.unused_sum()
    found = debtors.unused(limit=SHOWN)
    shown = [(one, accounts.get(one.account, "")) for one in found]
    told = {"rows": shown, "count": count, "amount": amount, "more": count > SHOWN}
    return page(request, "unallocated", told)


@require_safe
@staff_view(SEE)
def next_run(request: HttpRequest) -> HttpResponseBase:
    """What recurring items bring next month at their prices."""
    month = Month.of(timezone.localdate()).next
    found = expected.by_product(month=month, rate=vat.rates().on(month.first))
    if request.GET.get("format"):
        head = ("Code", "Product", "Items", "Customers", "Incl. VAT")
        return taken(request, Figures("next-run", f"next-run-{month}", head, [list(one) for one in found]))
    shown = {
        "month": month,
        "found": found,
        "total": sum((one.incl for one in found), ZERO),
        "items": sum(one.items for one in found),
        "chart": charts.stacked([(one.name, one.incl) for one in found[:6]]),
    }
    return page(request, "next-run", shown)


@require_safe
@staff_view(SEE)
def received(request: HttpRequest) -> HttpResponseBase:
    """Receipts by account and month."""
    form, first, last = days(request, months=12)
    found = debtors.received(first=first, last=last)
    if request.GET.get("format"):
        head = ("Month", "Account", "Receipts", "Amount", "Reversed", "Net")
        rows = [
            [one.month.label, one.account, one.receipts, one.amount, one.reversed, one.stands]
            for one in found
        ]
        return taken(request, Figures("received", f"received-{first}-{last}", head, rows))
    months = sorted({one.month for one in found})
    accounts = sorted({one.account for one in found})
    sums = {(one.month, one.account): one.stands for one in found}
    series = [(account, [sums.get((month, account), ZERO) for month in months]) for account in accounts]
    shown = {"form": form, "found": found, "chart": charts.bars([month.label for month in months], series)}
    return page(request, "received", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view("billing.view_takeover")
def take_over(request: HttpRequest) -> HttpResponseBase:
    """The debtors taken over beside the old system's, customer by customer."""
    newest = cutover.newest()
    signs = may(request.user, "billing.sign_take_over")
    form = TakeOverForm()
    if request.method == "POST" and signs:
        form = TakeOverForm(request.POST, request.FILES)
        if form.is_valid() and _uploaded(form, request):
            return redirect("reports:take-over")
    compared = cutover.comparison(newest) if newest else None
    if compared and request.GET.get("format"):
        head = (
            "Code",
            "Customer",
            *(f"{name} (old)" for name in ageing.BUCKETS),
            *ageing.BUCKETS,
            "Difference",
        )
        rows = [[one.code, one.name, *one.theirs, *one.ours, one.difference] for one in compared.rows]
        return taken(request, Figures("take-over", "opening-debtors", head, rows))
    shown: dict[str, Any] = {"newest": newest, "compared": compared, "signed": cutover.signed(), "form": form}
    shown["signs"] = signs
    shown["again"] = bool(newest and newest.signed_at) and cutover.wants_signature()
    shown |= {
        "buckets": ageing.BUCKETS,
        "shown": SHOWN,
        "differences": compared.differences if compared else [],
    }
    response = page(request, "take-over", shown)
    response.status_code = 422 if form.errors else 200
    return response


def _uploaded(form: TakeOverForm, request: HttpRequest) -> bool:
    file = form.cleaned_data["file"]
    try:
        taking_over.upload(
            content=file.read(),
            file_name=file.name,
            as_at=form.cleaned_data["as_at"],
            actor=request.user,  # type: ignore[arg-type]
        )
    except DomainError as no:
        refuse(form, no)
        return False
    return True


@require_http_methods(["POST"])
@staff_view("billing.sign_take_over")
def sign_take_over(request: HttpRequest) -> HttpResponseBase:
    """Signs the newest comparison, if nothing differs."""
    newest = cutover.newest()
    try:
        if newest is None:
            raise DomainError("Upload the old system's age analysis first.")
        taking_over.sign(take_over=newest, actor=request.user, now=timezone.now())  # type: ignore[arg-type]
        messages.success(request, "Signed. Statements, collections and batches may begin.")
    except DomainError as no:
        messages.error(request, str(no))
    return redirect("reports:take-over")
