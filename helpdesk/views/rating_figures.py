"""What customers think of us: averages on the screen with a chart, and as files."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from helpdesk.selectors.figures import ratings
from helpdesk.views import figures
from herotill import charts, tabular
from herotill.access import staff_view
from herotill.figures import Days
from herotill.tabular import Figures

taken = partial(tabular.taken, large="helpdesk.export_ratings")
HEAD = ("Ratings", "Average", "1", "2", "3", "4", "5", "With a comment", "Acknowledged", "Tickets opened")


def _stars(many: Decimal) -> str:
    return f"{many:.1f}"


@require_safe
@staff_view(figures.SEE)
def show(request: HttpRequest) -> HttpResponseBase:
    """Averages by month, department, person or kind."""
    form, days, department = figures.asked_for(request)
    asked = request.GET.get("by", "month")
    by: ratings.By = asked if ratings.is_grouping(asked) else "month"  # type: ignore[assignment]
    found = ratings.rated(days, by, department=department)
    if request.GET.get("format"):
        return taken(request, _file(found, by, days))
    shown = found[: figures.BARS] if by != "month" else found[-figures.BARS :]
    context = {
        "form": form,
        "found": found,
        "by": by,
        "choices": list(ratings.HEADINGS.items()),
        "heading": ratings.HEADINGS[by],
        "chart": charts.counts(
            [one.name for one in shown],
            ("Average of 5", [one.average for one in shown]),
            words=_stars,
            top=Decimal(5),
        ),
    }
    return figures.page(request, "ratings", context)


def _file(found: Sequence[ratings.Rated], by: ratings.By, days: Days) -> Figures:
    rows = [
        [
            *(one.name, one.given, one.average, one.one, one.two, one.three, one.four, one.five),
            *(one.comments, one.acknowledged, one.tickets),
        ]
        for one in found
    ]
    head = [ratings.HEADINGS[by], *HEAD]
    return Figures("helpdesk-ratings", f"ratings-{by}-{days.first}-{days.last}", head, rows)
