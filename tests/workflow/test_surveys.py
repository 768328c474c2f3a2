"""Surveys: Alice's site is looked at by Thabo; what he finds says where her lead goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from herotill.errors import DomainError
from herotill.reference.models import Highsite
from tests.factories.people import client_of, in_role, make_person
from tests.factories.workflow import make_lead
from workflow.models import Absence, Lead, Move, Step, Survey
from workflow.selectors import busy
from workflow.selectors.missing import missing
from workflow.services import moving, surveys

pytestmark = pytest.mark.django_db
NOW = datetime(2018, 8, 20, 8, tzinfo=UTC)
NINE = datetime(2018, 8, 22, 7, tzinfo=UTC)
ELEVEN = NINE + timedelta(hours=2)


def scheduled(lead: Lead, who: str = "Thabo") -> Survey:
    thabo = in_role(who, "technician")
    survey = surveys.ask(lead=lead, actor=thabo, now=NOW)
    surveys.schedule(survey=survey, technician=thabo, starts_at=NINE, ends_at=ELEVEN, actor=thabo, now=NOW)
    survey.refresh_from_db()
    return survey


def found(survey: Survey, **values: Any) -> Survey:
    assert survey.technician
    return surveys.write_down(survey=survey, values=values, actor=survey.technician, now=NINE)


def place(lead: Lead) -> str:
    lead.refresh_from_db()
    return lead.place


def test_a_lead_goes_along_with_its_survey_to_the_quotes() -> None:
    alice = make_lead("Alice Liddel")
    survey = scheduled(alice)
    assert place(alice) == "survey-scheduled"

    found(survey, outcome="feasible", line_of_sight="yes", signal=-61, cost=Decimal("1500.00"))
    assert place(alice) == "quote-new"
    way = list(Move.objects.filter(lead=alice).order_by("pk").values_list("to_step", flat=True))
    assert way == ["survey-new", "survey-scheduled", "survey-done", "quote-new"]


def test_one_that_is_not_feasible_stays_and_proposes_to_be_lost() -> None:
    bob = make_lead("Bob Baker")
    found(scheduled(bob), outcome="not_feasible", line_of_sight="no")
    assert place(bob) == "survey-done"

    page = client_of(in_role("Sipho", "sales")).get(reverse("workflow:lead", args=[bob.pk]))
    assert "It cannot be connected." in page.content.decode()


def test_extra_work_is_named_and_a_sector_stands_on_its_highsite() -> None:
    from dataaccounts.models import Sector

    survey = scheduled(make_lead())
    hill, koppie = Highsite.objects.create(name="Hill"), Highsite.objects.create(name="Koppie")
    north = Sector.objects.create(highsite=hill, name="North")
    with pytest.raises(DomainError, match="what extra work"):
        found(survey, outcome="extra")
    with pytest.raises(DomainError, match="another highsite"):
        found(survey, outcome="feasible", highsite=koppie, sector=north)
    found(survey, outcome="extra", extra="A mast of 6 m", highsite=hill, sector=north)
    survey.refresh_from_db()
    assert (survey.state, survey.extra, survey.sector) == ("done", "A mast of 6 m", north)


def test_a_survey_is_written_down_once_and_not_after_it_was_called_off() -> None:
    survey, other = scheduled(make_lead()), scheduled(make_lead("Bob Baker"), "Zola")
    found(survey, outcome="feasible")
    with pytest.raises(DomainError, match="Thabo wrote down already"):
        found(survey, outcome="not_feasible")
    surveys.call_off(survey=other, why="They moved", actor=None, now=NOW)
    with pytest.raises(DomainError, match="called off meanwhile"):
        found(other, outcome="feasible")
    assert place(other.lead) == "lead-worked"


def test_a_lead_has_one_open_survey_and_none_once_it_is_a_customer() -> None:
    alice = make_lead()
    scheduled(alice)
    with pytest.raises(DomainError, match="open already"):
        surveys.ask(lead=alice, actor=in_role("Sipho", "sales"), now=NOW)


def test_leads_brought_to_the_surveys_by_hand_get_one_and_lost_ones_lose_it() -> None:
    alice, bob = make_lead(), make_lead("Bob Baker")
    moving.move(leads=[alice.pk, bob.pk], to="survey-new", actor=None, now=NOW)
    assert Survey.objects.filter(state="new").count() == 2
    moving.move(leads=[alice.pk], to="lead-new", actor=None, now=NOW)
    moving.move(leads=[alice.pk], to="survey-new", actor=None, now=NOW)
    assert Survey.objects.filter(lead=alice).count() == 1
    surveys.call_off_of(leads=[bob.pk], why="The lead came to nothing.")
    assert Survey.objects.get(lead=bob).state == "called_off"


def test_the_free_gate_survey_feasible_holds_and_lets_pass() -> None:
    Step.objects.filter(key="quote-new").update(gates=["survey-feasible"])
    alice, bob, carol = make_lead(), make_lead("Bob Baker"), make_lead("Carol Cook")
    found(scheduled(alice, "A"), outcome="feasible")
    found(scheduled(bob, "B"), outcome="not_feasible")
    told = missing([alice.pk, bob.pk, carol.pk], "quote-new")
    assert alice.pk not in told
    assert place(alice) == "quote-new"
    assert told[bob.pk] == ["The survey found it not feasible."]
    assert told[carol.pk] == ["Needs a survey."]


def test_what_stands_against_a_time_is_told() -> None:
    survey = scheduled(make_lead())
    thabo = survey.technician
    assert thabo
    Absence.objects.create(technician=thabo, starts_on=NINE.date(), ends_on=NINE.date(), why="Course")
    told = busy.against(thabo, NINE, ELEVEN)
    assert told == [
        "Thabo surveys at Alice Liddel from 09:00 to 11:00.",
        "Thabo is away from 2018-08-22 to 2018-08-22 (Course).",
    ]
    assert busy.against(thabo, ELEVEN, ELEVEN + timedelta(hours=1), survey=survey.pk) == told[1:]


def test_a_survey_is_scheduled_in_a_dialog_that_warns_and_is_meant_all_the_same() -> None:
    thabo, sipho = in_role("Thabo", "technician"), in_role("Sipho", "sales")
    alice = make_lead()
    surveys.ask(lead=alice, actor=sipho, now=NOW)
    tomorrow = timezone.localdate() + timedelta(days=1)
    Absence.objects.create(technician=thabo, starts_on=tomorrow, ends_on=tomorrow)
    desk, url = client_of(sipho), reverse("workflow:survey-schedule", args=[alice.pk])
    typed = {"technician": thabo.pk, "day": tomorrow, "starts": "09:00", "ends": "11:00", "notes": "Trees"}

    warned = desk.post(url, typed)
    assert warned.status_code == 422
    assert "Thabo is away" in warned.content.decode()
    assert "Trees" in warned.content.decode()
    assert desk.post(url, typed | {"anyway": "on"}).status_code == 302
    assert place(alice) == "survey-scheduled"

    assert client_of(make_person("Dora")).get(url).status_code == 403


def test_a_technician_finds_nobody_elses_survey_at_the_desk() -> None:
    survey = scheduled(make_lead())
    zola, sipho = client_of(in_role("Zola", "technician")), client_of(in_role("Sipho", "sales"))
    for name in ("workflow:survey-found", "workflow:survey-photo"):
        url = reverse(name, args=[survey.lead_id])
        assert zola.get(url).status_code == 404
        assert zola.post(url, {"outcome": "not_feasible"}).status_code == 404
        assert survey.technician
        assert {client_of(survey.technician).get(url).status_code, sipho.get(url).status_code} == {200}
    survey.refresh_from_db()
    assert survey.state == "scheduled"


def test_the_result_is_written_down_in_a_dialog_and_nothing_typed_is_lost() -> None:
    survey = scheduled(make_lead())
    assert survey.technician
    phone, url = client_of(survey.technician), reverse("workflow:survey-found", args=[survey.lead_id])
    refused = phone.post(url, {"outcome": "extra", "signal": "-61", "notes": "Behind the silo"})
    assert refused.status_code == 422
    assert "Behind the silo" in refused.content.decode()
    typed = {
        "outcome": "extra",
        "extra": "Mast",
        "signal": "-61",
        "cost": "R 1,500.00",
        "line_of_sight": "unsure",
    }
    assert phone.post(url, typed).status_code == 302
    survey.refresh_from_db()
    assert (survey.signal, survey.cost, survey.line_of_sight) == (-61, Decimal("1500.00"), "unsure")
