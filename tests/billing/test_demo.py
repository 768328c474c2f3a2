"""The demo's office: what waits on its desks adds up, and asking twice makes it once."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command

from billing.models import (
    BankRow,
    DepositEntry,
    Document,
    MonthEnd,
    PriceNotice,
    StatementImport,
    SuspensionCase,
)
from billing.services import suspensions
from billing.services.deposits import held
from herotill.clock import stamp
from workflow.models import Lead

pytestmark = pytest.mark.django_db


def counts() -> dict[str, int]:
    """How many there are of everything that the apps keep."""
    apps_of_ours = ("customers", "dataaccounts", "billing", "workflow", "helpdesk", "outbox")
    kept = [model for label in apps_of_ours for model in apps.get_app_config(label).get_models()]
    return {model.__name__: model._default_manager.count() for model in kept if model._meta.managed}


def test_a_small_demo_has_work_on_its_desks_and_a_clean_ledger(settings) -> None:
    settings.DEMO = True
    call_command("demo_data", customers=30, months=4, stdout=StringIO())
    assert SuspensionCase.objects.exclude(state="ended").exists()
    assert suspensions.settle(stamp()) == 0, "whoever has a case is not paid off by another part"
    made = counts()
    call_command("demo_data", customers=30, months=4, stdout=StringIO())
    assert counts() == made

    issued = Document.objects.filter(status="issued")
    assert {"credit_note", "adjustment", "write_off"} <= set(issued.values_list("kind", flat=True))
    first_invoices = Lead.objects.filter(draft__isnull=False).values("draft")
    assert Document.objects.filter(status="draft").exclude(pk__in=first_invoices).count() == 2
    assert StatementImport.objects.get().state == StatementImport.State.DONE
    assert BankRow.objects.filter(kind="unmatched").count() >= 2
    assert [held(entry.contract) for entry in DepositEntry.objects.all()] == [500, 500]
    assert PriceNotice.objects.exists()
    assert MonthEnd.objects.get().previewed_at
    call_command("verify_ledger", stdout=StringIO())
