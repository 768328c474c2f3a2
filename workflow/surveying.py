"""What surveys add: rights, their gate, the card on a lead's page, the buttons of their lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import workflow.rights.surveys  # noqa: F401
from herotill.access import may
from herotill.users.models import User
from workflow.arrivals import Arrival, arrivals
from workflow.gates import Gate, gates
from workflow.lead_cards import LeadCard, lead_cards
from workflow.models import Lead, LostReason, Place, Survey
from workflow.row_deeds import RowDeed, row_deeds
from workflow.selectors import surveys as reading
from workflow.services import surveys

NOT_FEASIBLE = "Not feasible"

gates.register(
    Gate("survey-feasible", "A survey found that it can be connected", reading.not_feasible, order=30)
)


def _open(leads: Sequence[int], actor: User | None, now: datetime) -> None:
    surveys.open_for(leads=leads, actor=actor, now=now)


def _call_off(leads: Sequence[int], actor: User | None, now: datetime) -> None:
    surveys.call_off_of(leads=leads, why="The lead came to nothing.")


arrivals.register(Arrival(Place.SURVEY_NEW, _open, "survey-opened"))
arrivals.register(Arrival(Place.LOST, _call_off, "surveys-called-off"))


def _card(lead: Lead, user: User) -> dict[str, Any] | None:
    found = reading.of_lead(lead.pk)
    open_one = next((one for one in found if one.state in reading.OPEN), None)
    newest = next((one for one in found if one.state == Survey.State.DONE), None)
    refused = newest is not None and newest.outcome == Survey.Outcome.NOT_FEASIBLE and not open_one
    return {
        "surveys": found,
        "open_survey": open_one,
        "may_ask": lead.place in surveys.BEFORE and not open_one and may(user, "workflow.add_survey"),
        "may_schedule": may(user, "workflow.schedule_jobcard"),
        "may_call_off": may(user, "workflow.change_survey"),
        "may_do": may(user, "workflow.do_survey"),
        "may_add_photo": bool(found) and may(user, "workflow.add_photo"),
        "may_delete_photo": may(user, "workflow.delete_photo"),
        "lose": _reason() if refused and lead.is_open and may(user, "workflow.lose_lead") else None,
    }


def _reason() -> LostReason | None:
    return LostReason.objects.filter(name=NOT_FEASIBLE, retired=False).first()


lead_cards.register(
    LeadCard("surveys", "Surveys", "workflow.view_survey", "workflow/surveys/card.html", _card, order=30)
)
for _step in (Place.LEAD_NEW, Place.LEAD_WORKED):
    row_deeds.register(RowDeed(_step, "Survey", "workflow:survey-ask", "workflow.add_survey", order=10))
row_deeds.register(
    RowDeed(Place.SURVEY_NEW, "Schedule", "workflow:survey-schedule", "workflow.schedule_jobcard", order=20)
)
row_deeds.register(
    RowDeed(Place.SURVEY_SCHEDULED, "Write down", "workflow:survey-found", "workflow.do_survey", order=21)
)
