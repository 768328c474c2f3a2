"""Moving a lead: by the dialog, with keyboard or finger, or by dragging its card."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.lists.views.dialogs import changed, dialog
from workflow.forms.moving import MoveForm
from workflow.models import ENDS, Lead
from workflow.policies import way
from workflow.row_deeds import row_deeds
from workflow.selectors import board, waiting
from workflow.selectors import leads as reading
from workflow.selectors.missing import missing_by_list
from workflow.services import moving

FORM = "workflow/board/_move.html"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view("workflow.move_lead")
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """The dialog that lists where it may go and what that needs. POST moves it, or says why not."""
    lead = Lead.objects.filter(pk=pk).first()
    if lead is None:
        raise Http404("There is no such lead.")
    form = MoveForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            return _moved(request, lead, form.cleaned_data)
        except DomainError as no:
            if "dragged" in request.POST:
                return _refused(request, lead, form.cleaned_data["to"], str(no))
            refuse(form, no)
    return dialog(request, FORM, _asked(lead, form), 422 if form.errors else 200)


def _moved(request: HttpRequest, lead: Lead, data: dict[str, Any]) -> HttpResponse:
    moving.by_hand(leads=[lead.pk], now=timezone.now(), actor=request.user, **data)  # type: ignore[arg-type]
    name = reading.list_names().get(data["to"], data["to"])
    return changed(request, f"{lead.name} is in {name} now.", reverse("workflow:board"))


def _refused(request: HttpRequest, lead: Lead, to: str, said: str) -> HttpResponse:
    """The card goes back; where the deed of its row leads there, its dialog opens."""
    events: dict[str, Any] = {"toast": {"text": said, "tone": "warn"}}
    deed = row_deeds.get(lead.place)
    if deed and way.DEED_LEADS_TO.get(lead.place) == to and may(request.user, deed.permission):
        events["board-deed"] = {"url": deed.url(lead.pk)}
    return HttpResponse(status=409, headers={"HX-Trigger": json.dumps(events)})


def _lists() -> list[board.Counted]:
    return [one for stage in board.phases(waiting.counts()) for one in stage.lists]


def _asked(lead: Lead, form: MoveForm) -> dict[str, Any]:
    needs = missing_by_list(lead.pk)
    stages = [
        {"name": stage.name, "lists": [_choice(lead, one, needs, form) for one in stage.lists]}
        for stage in board.phases(waiting.counts())
    ]
    return {
        "page_title": f"Move {lead.name} to…",
        "action": reverse("workflow:move", args=[lead.pk]),
        "stages": stages,
        "form": form,
        "ended": lead.place in ENDS,
    }


def _choice(lead: Lead, one: board.Counted, needs: dict[str, list[str]], form: MoveForm) -> dict[str, Any]:
    here = lead.place == one.key
    back = way.is_back(lead.place, one.key)
    no = [way.BY_DEED[one.key]] if one.key in way.BY_DEED else ([] if back else needs.get(one.key, []))
    return {
        "key": one.key,
        "name": one.name,
        "here": here,
        "no": [] if here else no,
        "chosen": form.data.get("to") == one.key,
    }
