"""Lost leads and leads of former customers lose what is personal; that there was one, and what became of it, stays."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from herotill.models import AuditEvent, ImportRow, RetentionRules, SearchDocument
from tests.factories import client_of, make_customer, make_person
from tests.factories.workflow import make_lead
from workflow.models import Lead, LostReason, Survey
from workflow.services import lead_blanking, leads, moving

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=400)
CANARY = "Canary"


def lost_lead(when=LONG_AGO, **values) -> Lead:
    mia = make_person(f"Mia{Lead.objects.count()}")
    given = {"first_names": CANARY, "surname": CANARY, "phone": "+27829999999", "lines": f"1 {CANARY} Road"}
    lead = leads.capture(
        values=given | {"email": "canary@example.com", "town": "Paarl"} | values, actor=mia, now=when
    )
    leads.note(lead=lead, text=f"{CANARY} called", actor=mia, now=when)
    Survey.objects.create(lead=lead, notes=f"{CANARY}'s dog")
    moving.move(leads=[lead.pk], to="lead-worked", actor=mia, now=when, why=f"{CANARY} asked")
    reason = LostReason.objects.get(name="Too expensive")
    leads.lose(leads=[lead.pk], reason=reason, words=f"{CANARY} said so", actor=mia, now=when)
    return lead


def everything_known() -> str:
    tables = (Lead, AuditEvent, ImportRow, Survey, SearchDocument)
    rows = [str(list(table.objects.values())) for table in tables]
    return "".join([*rows, str([list(lead.moves.values()) for lead in Lead.objects.all()])]).lower()


def test_a_lead_lost_long_ago_is_forgotten_and_nothing_of_it_is_found_anywhere():
    lead = lost_lead()
    assert CANARY.lower() in everything_known()
    assert lead_blanking.lost(NOW) == "1 lost leads."

    known = everything_known()
    assert CANARY.lower() not in known
    assert "829999999" not in known
    lead.refresh_from_db()
    assert (lead.name, lead.town, lead.place, lead.lost_reason.name) == (
        f"Former lead L{lead.pk}",
        "Paarl",
        "lost",
        "Too expensive",
    )
    assert [move.to_step for move in lead.moves.all()] == ["lead-new", "lead-worked", "lost"]
    assert lead_blanking.lost(NOW) == ""


def test_who_was_lost_lately_or_is_on_the_way_stays():
    lost_lead(when=NOW - timedelta(days=30))
    make_lead("Alice", step_since=LONG_AGO)
    assert lead_blanking.lost(NOW) == ""
    RetentionRules.objects.update(lost_leads_months=0)
    assert lead_blanking.lost(NOW) == "1 lost leads."


def test_the_leads_of_an_anonymised_customer_go_with_it():
    bob = make_customer("Bob Bubble")
    lead, other = make_lead("Bob Bubble", customer=bob, step_id="won"), make_lead("Alice Liddel")
    lead_blanking.of_customers([bob.pk], NOW)
    lead.refresh_from_db()
    other.refresh_from_db()
    assert (lead.name, lead.place, other.name) == (f"Former lead L{lead.pk}", "won", "Alice Liddel")


def test_a_forgotten_lead_is_changed_and_brought_back_no_more_and_its_page_says_so():
    lead = lost_lead()
    lead_blanking.lost(NOW)
    mia = make_person("Mia", "workflow.view_lead", "workflow.lose_lead")
    page = client_of(mia).get(f"/workflow/leads/{lead.pk}/").content.decode()
    assert "What was personal of this lead was blanked" in page
    assert "Bring back" not in page


def test_the_trail_of_leads_that_are_not_forgotten_stays_as_it_is():
    make_lead("Alice")
    with pytest.raises(IntegrityError, match="only ever added to"), transaction.atomic():
        AuditEvent.objects.filter(model="workflow.lead").update(name="")


def test_what_an_import_kept_of_it_goes_too(tmp_path):
    (tmp_path / "leads.csv").write_text("First names,Surname,Cell number\nCanary,Canary,0829999999\n")
    call_command("import_csv", "leads", str(tmp_path / "leads.csv"), stdout=StringIO())
    lead = Lead.objects.get()
    lead_blanking.forget(leads=[lead.pk], now=NOW)
    assert "canary" not in everything_known()
