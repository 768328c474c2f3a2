"""The demo's helpdesk: a year of tickets in every state, made once; and what the start page says of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db.models import Q

from helpdesk.demo.desk import make_desk
from helpdesk.demo.tickets import make_tickets
from helpdesk.models import InboundMail, PostFile, Rating, Ticket
from herotill.demo import DemoOrder
from herotill.models import Fact
from herotill.users.services import demo
from tests.factories import client_of, make_customer, make_person
from tests.factories.helpdesk import make_ticket

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def counts() -> dict[str, int]:
    found = apps.get_app_config("helpdesk").get_models()
    return {model.__name__: model._default_manager.count() for model in found}


def make(months: int) -> list[str]:
    said: list[str] = []
    order = DemoOrder(customers=6, months=months, seed=1, today=date(2026, 11, 20), say=said.append, now=NOW)
    make_desk(order)
    make_tickets(order)
    return said


def test_a_year_of_tickets_stands_once_however_often_it_is_made(settings: Any) -> None:
    settings.DEMO = True
    demo.people()
    for number, name in enumerate(("Alice Liddel", "Bob Dlamini", "Carol Petersen", "Dora Nkosi")):
        make_customer(name, f"{name[:3].upper()}{number + 1:03}", contact={"email": f"{number}@example.com"})
    assert make(12) == ["301 tickets"]
    made = counts()
    assert make(12) == []
    assert counts() == made

    alive = Ticket.objects.exclude(state="closed")
    assert {"open", "pending", "closed"} == set(Ticket.objects.values_list("state", flat=True))
    assert 15 <= alive.count() <= 40
    assert alive.filter(solve_due_at__lt=NOW).exists(), "some are late"
    assert Ticket.objects.filter(merged_into__isnull=False).count() >= 2
    assert Ticket.objects.filter(customer=None, origin="email").exists()
    assert (
        Ticket.objects.filter(Q(opened_at__gt=NOW) | Q(closed_at__gt=NOW) | Q(last_at__gt=NOW)).count() == 0
    )
    assert set(Ticket.objects.values_list("origin", flat=True)) == {"portal", "email", "staff"}
    assert Ticket.objects.filter(customer__code="ALI001").exclude(state="closed").exists()
    assert Rating.objects.filter(stars__lte=2).exists()
    assert Rating.objects.filter(acknowledged_at=None).exists()
    assert InboundMail.objects.filter(outcome="triage", decided_at=None).count() == 2
    assert PostFile.objects.exists()
    assert not Fact.objects.filter(kind__startswith="ticket.").exists(), "nobody is told of the past"


def test_a_demo_without_history_has_some_tickets_too(settings: Any) -> None:
    settings.DEMO = True
    demo.people()
    make_customer("Alice Liddel", "ALI001")
    assert make(0) == ["41 tickets"]


def test_the_start_page_says_what_waits_and_nothing_to_dora() -> None:
    thandi = make_person("Thandi", "helpdesk.view_ticket", "helpdesk.answer_ticket")
    late = make_ticket()
    make_ticket(assignee=thandi)
    Ticket.objects.filter(pk=late.pk).update(solve_due_at=NOW.replace(year=2019))
    cache.clear()
    page = client_of(thandi).get("/").content.decode()
    for words in ("Tickets of yours", "Late tickets", "Tickets that nobody sees to"):
        assert words in page
    assert "Late tickets" not in client_of(make_person("Dora")).get("/").content.decode()
