"""What their services used, by hour of a day, day of a month or month of a year."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from customers.portal.answers import theirs
from dataaccounts.models import DataAccount
from dataaccounts.selectors import customer_usage
from dataaccounts.selectors.rules import rules
from dataaccounts.selectors.stretches import PAGE, Stretch, drawn, stretch_asked, stretch_of, summed, used_in
from herotill.access import portal_view
from herotill.pages import page


@require_safe
@portal_view("dataaccounts.view_usageday")
def usage(request: HttpRequest) -> HttpResponse:
    """As a chart and as a table, of one service or all of them."""
    accounts = customer_usage.accounts_of(theirs(request))
    wanted = request.GET.get("account", "")
    chosen = next((one for one in accounts if str(one.pk) == wanted), None)
    stretch = stretch_asked(request.GET, timezone.localdate())
    used = used_in([one.pk for one in accounts if chosen in (None, one)], stretch)
    return page(
        request,
        "portal/services/usage.html",
        page_title=_("Usage"),
        accounts=accounts,
        chosen=chosen,
        stretch=stretch,
        used=used,
        total=summed(used, stretch),
        chart=drawn(used, PAGE),
        hours_kept=rules().hours_kept_days if stretch.by == "day" else 0,
        ways=_ways(stretch, chosen),
        before=_query(stretch.by, stretch.field, stretch.before, chosen),
        after=_query(stretch.by, stretch.field, stretch.after, chosen),
    )


def _ways(stretch: Stretch, chosen: DataAccount | None) -> list[tuple[str, str, bool]]:
    """The day, the month and the year around what is shown: label, address, whether it is shown."""
    names = (("day", _("Day")), ("month", _("Month")), ("year", _("Year")))
    other = ((stretch_of(by, stretch.day), label) for by, label in names)
    return [
        (label, _query(one.by, one.field, one.asked, chosen), one.by == stretch.by) for one, label in other
    ]


def _query(by: str, field: str, asked: str, chosen: DataAccount | None) -> str:
    account = {"account": chosen.pk} if chosen else {}
    return f"?{urlencode({'by': by, field: asked, **account})}"
