"""Two at the same job at the same time, and the power going in the middle: one answer, nothing by halves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from billing.models import Document, Line
from dataaccounts.models import DataAccount
from herotill.errors import DomainError
from tests.factories.customers import make_customer
from tests.factories.data import make_checked
from tests.factories.people import in_role, make_person
from tests.factories.workflow import NOON, all_done, make_job, make_lead
from tests.workflow.test_first_invoice import ordered
from workflow.models import FailReason, JobCard, Lead, Move
from workflow.services import first_invoices, jobs

pytestmark = [pytest.mark.money, pytest.mark.usefixtures("gates_of_jobs")]
END = NOON + timedelta(hours=2)
SIGNED = {"signed_by": "Alice", "signature": [[[1, 1], [2, 2]]]}


def together(*deeds: Callable[[], object]) -> list[str]:
    """Do all at once, each on a connection of its own; what each said no with, or nothing."""
    start, said = threading.Barrier(len(deeds)), [""] * len(deeds)

    def do(place: int, deed: Callable[[], object]) -> None:
        try:
            start.wait(20)
            deed()
        except DomainError as no:
            said[place] = str(no)
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return said


def begun() -> JobCard:
    """Alice's installation, begun and all ticked."""
    alice = make_customer("Alice Liddel", "ALI001")
    make_checked(alice)
    lead = make_lead(step_id="job-new", customer=alice)
    ordered(alice)
    job = make_job(lead=lead)
    tech = make_person("Tumi", "workflow.do_jobcard")
    jobs.schedule(job, tech, NOON, END, None, NOON)
    jobs.start(job, tech, NOON)
    all_done(job)
    return JobCard.objects.get(pk=job.pk)


@pytest.mark.django_db(transaction=True)
def test_a_job_that_two_complete_begins_and_drafts_once() -> None:
    job = begun()
    said = together(*(lambda: jobs.complete(job, SIGNED, None, END) for _ in range(3)))
    assert sorted(map(bool, said)) == [False, True, True]
    assert Document.objects.get().incl == Decimal("1646.45")
    assert Move.objects.filter(to_step="invoice-new").count() == 1


@pytest.mark.django_db(transaction=True)
def test_completed_and_failed_at_once_is_one_of_both() -> None:
    job, reason = begun(), FailReason.objects.get(name="Weather")
    said = together(
        lambda: jobs.complete(job, SIGNED, None, END), lambda: jobs.fail(job, reason, "", None, END)
    )
    assert sorted(map(bool, said)) == [False, True]
    job.refresh_from_db()
    waits = DataAccount.objects.get().state == "waiting"
    assert (job.state, waits, Document.objects.count()) in (("completed", False, 1), ("failed", True, 0))


@pytest.mark.django_db(transaction=True)
def test_a_draft_that_two_make_and_two_issue_is_one_invoice() -> None:
    job = begun()
    jobs.complete(job, SIGNED, None, END)
    lead = Lead.objects.get()
    Line.objects.update(document=None)
    Document.objects.all().delete()
    said = together(*(lambda: first_invoices.make(lead=lead, actor=None, now=END) for _ in range(2)))
    assert sorted(said) == ["", "It has a draft already."]

    thabo = in_role("Thabo", "manager")
    together(*(lambda: first_invoices.issue(leads=[lead.pk], actor=thabo, now=END) for _ in range(2)))
    lead.refresh_from_db()
    assert (lead.place, Document.objects.get().status, lead.moves.filter(to_step="won").count()) == (
        "won",
        "issued",
        1,
    )


@pytest.mark.django_db(transaction=True)
def test_a_lead_to_whom_two_open_a_card_has_one() -> None:
    lead = make_lead(step_id="job-new", customer=make_customer("Bob Owes"))
    together(*(lambda: jobs.open_for([lead.pk], NOON) for _ in range(4)))
    assert JobCard.objects.count() == 1


class PowerGone(Exception):
    """What a kill looks like from inside: the statement never runs, the transaction is lost."""


def killed_at(statement: int) -> Callable[..., Any]:
    left = iter(range(statement - 1, -1, -1))

    def count(execute: Callable[..., Any], *arguments: Any) -> Any:
        if next(left, 0) == 0:
            raise PowerGone
        return execute(*arguments)

    return count


def everything() -> tuple[Any, ...]:
    return (
        JobCard.objects.values_list("state", "begun").get(),
        DataAccount.objects.values_list("state", "starts_on").get(),
        Lead.objects.values_list("step", "draft").get(),
        Line.objects.count(),
        Move.objects.count(),
    )


@pytest.mark.django_db
def test_killed_before_any_statement_nothing_has_happened_and_once_more_all_of_it_does() -> None:
    job = begun()
    before, statement = everything(), 0
    while True:
        statement += 1
        try:
            with transaction.atomic(), connection.execute_wrapper(killed_at(statement)):
                jobs.complete(job, SIGNED, None, END)
        except PowerGone:
            assert everything() == before, f"before statement {statement}"
            continue
        break
    assert statement > 30
    assert everything()[0][0] == "completed"
    assert Document.objects.get().incl == Decimal("1646.45")
