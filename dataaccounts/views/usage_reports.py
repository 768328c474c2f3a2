"""Reports of usage: who used most, and what was used by package, highsite, sector and router."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from dataaccounts.forms.reports import MonthsForm, PlacesForm, TopForm
from dataaccounts.policies.measures import gigabytes, octets_in_words
from dataaccounts.selectors import usage_reports as reports_of
from dataaccounts.selectors.usage_reports import Place
from herotill import charts
from herotill.access import staff_view
from herotill.months import Month
from herotill.pages import report_page
from herotill.tabular import Figures, taken

SEE = "dataaccounts.see_usage_reports"
LARGE = "dataaccounts.export_dataaccounts"
F = TypeVar("F", bound=MonthsForm)
SHOWN, DRAWN, LONGEST = 100, 8, 16
NOWHERE = {"package": "No package", "highsite": "No highsite", "sector": "No sector", "nas": "No router"}


def _asked(request: HttpRequest, form_class: type[F], months: int) -> tuple[F, dict[str, Any]]:
    """The form, and what it asks; for nothing and for nonsense the last so many months by the first choice."""
    present = Month.of(timezone.localdate())
    usual: dict[str, Any] = {"first": present.plus(1 - months), "last": present}
    usual |= {
        name: field.choices[0][0]
        for name, field in form_class.base_fields.items()
        if hasattr(field, "choices")
    }
    form = form_class(request.GET if "first" in request.GET else None, initial=usual)
    return form, form.cleaned_data if form.is_bound and form.is_valid() else usual


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    request.menu_entry = "dataaccounts.reports"  # type: ignore[attr-defined]
    counted_at, template = reports_of.counted_at(), f"dataaccounts/reports/{name}.html"
    return report_page(request, name, template, counted_at=counted_at, **context)


@require_safe
@staff_view(SEE)
def top_users(request: HttpRequest) -> HttpResponseBase:
    """Who used most; the file holds the first ten thousand."""
    form, asked = _asked(request, TopForm, 1)
    wanted = request.GET.get("format")
    found = reports_of.top(**asked, limit=reports_of.MOST if wanted else SHOWN)
    if wanted:
        head = (
            "Account",
            "Package",
            "Code",
            "Customer",
            "Accounts",
            "Download, GB",
            "Upload, GB",
            "Together, GB",
        )
        rows = [
            [
                one.username,
                one.package,
                one.code,
                one.name,
                one.accounts,
                gigabytes(one.download),
                gigabytes(one.upload),
                gigabytes(one.total),
            ]
            for one in found
        ]
        name = f"top-users-{asked['first']}-{asked['last']}"
        return taken(request, Figures("top-users", name, head, rows), large=LARGE)
    drawn = found[:DRAWN]
    chart = charts.bars(
        [(one.username.partition("@")[0] or one.code)[:LONGEST] for one in drawn],
        [
            ("Download", [Decimal(one.download) for one in drawn]),
            ("Upload", [Decimal(one.upload) for one in drawn]),
        ],
        words=octets_in_words,
        sheet=charts.Sheet(left=64),
    )
    shown = {"form": form, "found": found, "chart": chart, "by": asked["by"], "shown": SHOWN}
    return _page(request, "top-users", shown)


@require_safe
@staff_view(SEE)
def usage_by(request: HttpRequest) -> HttpResponseBase:
    """Usage by package, highsite, sector or router, month by month."""
    form, asked = _asked(request, PlacesForm, 12)
    found = reports_of.by_place(**asked)
    months = reports_of.months_between(asked["first"], asked["last"])
    if request.GET.get("format"):
        return _places_file(request, found, months, asked)
    labels = [month.label for month in months]
    series = [
        ("Download", [_sum(found, month, "download") for month in months]),
        ("Upload", [_sum(found, month, "upload") for month in months]),
    ]
    chart = charts.bars(labels, series, words=octets_in_words, sheet=charts.Sheet(left=64))
    shown: dict[str, Any] = {"form": form, "chart": chart, "labels": labels, "nowhere": NOWHERE[asked["by"]]}
    shown["by"] = dict(PlacesForm.base_fields["by"].choices)[asked["by"]]  # type: ignore[attr-defined]
    shown["rows"] = [
        (one, [one.months[month].total if month in one.months else 0 for month in months]) for one in found
    ]
    shown["sums"] = [down + up for down, up in zip(series[0][1], series[1][1], strict=True)]
    return _page(request, "usage-by", shown)


def _sum(found: list[Place], month: Month, what: str) -> Decimal:
    return Decimal(sum(getattr(one.months[month], what) for one in found if month in one.months))


def _places_file(
    request: HttpRequest, found: list[Place], months: Any, asked: dict[str, Any]
) -> HttpResponseBase:
    head = (asked["by"].capitalize(), "Month", "Download, GB", "Upload, GB", "Together, GB")
    rows = [
        [
            one.name or NOWHERE[asked["by"]],
            str(month),
            gigabytes(one.months[month].download),
            gigabytes(one.months[month].upload),
            gigabytes(one.months[month].total),
        ]
        for one in found
        for month in months
        if month in one.months
    ]
    name = f"usage-by-{asked['by']}-{asked['first']}-{asked['last']}"
    return taken(request, Figures("usage-by", name, head, rows), large=LARGE)
