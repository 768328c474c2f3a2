"""The board: every list as a column, leads as cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from herotill.access import may, staff_view
from workflow.forms.board import BoardForm
from workflow.lists.waiting import url_name, waiting_lists
from workflow.models import Lead
from workflow.row_deeds import row_deeds
from workflow.selectors import board, waiting
from workflow.views.cards import Addresses, column

SEE = "workflow.view_lead"
ENDS = [("won", "Won"), ("lost", "Lost")]


@require_safe
@staff_view(SEE)
def show(request: HttpRequest) -> HttpResponse:
    """The columns of one phase or of all, as the filters leave them; to htmx only the columns."""
    stages, now = board.phases(waiting.counts()), timezone.now()
    phase = next((one for one in stages if one.key == request.GET.get("phase")), None)
    form = BoardForm(request.GET, board.choices())
    shown = [phase] if phase else stages
    lists = [one for stage in shown for one in stage.lists]
    cards = board.cards(form.narrow(Lead.objects.all(), now), lists, stages, now)
    context = {
        "page_title": "Workflow",
        "stages": _drawn(request, shown, cards, form.query),
        "phases": stages,
        "phase": phase,
        "form": form,
        "wrong": not form.is_valid(),
        "actions": waiting_lists["lead-new"].actions_for(request.user),
        "query": form.query,
        "ends": ENDS,
        "here": request.get_full_path(),
    }
    swapped = bool(request.headers.get("HX-Request"))
    template = "workflow/board/_columns.html" if swapped else "workflow/board/board.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _drawn(
    request: HttpRequest,
    stages: Sequence[board.Stage],
    cards: Mapping[str, Sequence[board.Card]],
    query: str,
) -> list[dict[str, Any]]:
    """Each phase with its columns ready made."""
    moves = may(request.user, "workflow.move_lead")
    deeds = {deed.step: deed for deed in row_deeds if may(request.user, deed.permission)}
    addresses = Addresses()

    def drawn(stage: board.Stage, one: board.Counted) -> SafeString:
        deed = deeds.get(one.key)
        return column(stage.name, one, cards[one.key], deed, addresses, moves=moves, query=query)

    return [{"stage": stage, "columns": [drawn(stage, one) for one in stage.lists]} for stage in stages]


@require_safe
@staff_view(SEE)
def to_list(request: HttpRequest, step: str) -> HttpResponse:
    """The list with this key, wherever it stands."""
    if step not in waiting_lists:
        raise Http404("There is no such list.")
    return redirect(f"{reverse(url_name(step))}?{request.GET.urlencode()}" if request.GET else url_name(step))
