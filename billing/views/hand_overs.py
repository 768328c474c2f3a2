"""The file of what was handed over, for the collector outside."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing.lists.hand_overs import hand_overs
from billing.selectors import hand_overs as reading
from herotill import tabular
from herotill.access import may, staff_view
from herotill.lists import remembering
from herotill.lists.sheet import Sheet


@require_safe
@staff_view("billing.hand_over")
def file(request: HttpRequest) -> HttpResponseBase:
    """What is with collectors as the list is filtered, a row a document; `format` is csv or xlsx."""
    remembered = remembering.load(user=request.user, list_name=hand_overs.name)
    sheet = Sheet(hand_overs, request.user, request.GET, remembered)
    wanted = list(sheet.matching.filter(back_on=None).order_by("pk").values_list("pk", flat=True))
    rows = list(reading.rows(wanted, numbers=may(request.user, "customers.see_id_numbers")))
    figures = tabular.Figures("hand-overs", f"hand-over-{timezone.localdate()}", reading.HEADINGS, rows)
    return tabular.taken(request, figures, large="billing.export_handovers")
