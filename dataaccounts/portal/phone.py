"""What their voice lines called: a month by class, and every call."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from customers.portal.answers import theirs
from dataaccounts.models import VoiceLine
from dataaccounts.selectors import free_minutes, own_calls
from herotill.months import Month
from herotill.pages import page
from herotill.portal import private_view, sees
from herotill.typed import number

MOST_PAGES = 1_000


@require_safe
@private_view("dataaccounts.view_call")
def calls(request: HttpRequest) -> HttpResponse:
    """A month's calls of one line or all of them; numbers without their last figures unless `whole` is asked for."""
    customer, today = theirs(request), timezone.localdate()
    month = _month(request.GET.get("month", ""), today)
    used = own_calls.used(customer=customer, month=month)
    lines = own_calls.lines_in(used)
    chosen = next((pk for pk, _number in lines if str(pk) == request.GET.get("line")), None)
    whole = "whole" in request.GET and sees(request, "dataaccounts.see_call_numbers")
    at = min(max(number(request.GET.get("page")) or 1, 1), MOST_PAGES)
    items, more = own_calls.items(customer=customer, month=month, line=chosen, page=at, whole=whole)
    picked = [one for one in used if chosen in (None, one.line)]

    def link(**asked: object) -> str:
        kept = {"month": month, "line": chosen or "", "whole": 1 if whole else "", "page": ""} | asked
        return f"?{urlencode({name: value for name, value in kept.items() if value})}"

    return page(
        request,
        "portal/services/phone.html",
        page_title=_("Phone"),
        lines=lines,
        chosen=chosen,
        month=month,
        total=own_calls.together(picked),
        classes=own_calls.by_class(picked),
        free=_free(lines, chosen, month, today),
        items=items,
        whole=whole,
        may_whole=sees(request, "dataaccounts.see_call_numbers"),
        before=link(month=month.plus(-1)),
        after=link(month=month.next) if month < Month.of(today) else "",
        other=link(whole="" if whole else 1),
        newer=link(page=at - 1) if at > 1 else "",
        older=link(page=at + 1) if more else "",
    )


def _free(
    lines: list[tuple[int, str]], chosen: int | None, month: Month, today: date
) -> list[tuple[str, free_minutes.Free]]:
    """What their numbers have free this month, with the number; nothing for other months."""
    if month != Month.of(today) or not lines:
        return []
    found = VoiceLine.objects.filter(pk__in=[pk for pk, _number in lines if chosen in (None, pk)])
    given = free_minutes.of_lines(list(found), today)
    names = dict(lines)
    every = [(names[pk], one) for pk, all_of in given.items() for one in all_of if one.minutes]
    every.sort(key=lambda told: told[1].minutes or 0)
    most = {(number, one.call_class): one for number, one in every}  # a number had again shows once
    return [(number, most[number, name]) for number, name in sorted(most)]


def _month(text: str, today: date) -> Month:
    """The month asked for; this one where it says nothing, nonsense, or one to come."""
    try:
        asked = Month.of(date.fromisoformat(f"{text}-01"))
    except ValueError:
        return Month.of(today)
    return min(asked, Month.of(today))
