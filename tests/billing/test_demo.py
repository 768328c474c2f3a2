"""The demo's office: what waits on its desks adds up, and asking twice makes it once."""

from io import StringIO

import pytest
from django.core.management import call_command

from billing.models import BankRow, DepositEntry, Document, MonthEnd, PriceNotice, StatementImport
from billing.services.deposits import held

pytestmark = pytest.mark.django_db


def test_a_small_demo_has_work_on_its_desks_and_a_clean_ledger(settings) -> None:
    settings.DEMO = True
    for _ in range(2):
        call_command("demo_data", customers=30, months=2, stdout=StringIO())

    issued = Document.objects.filter(status="issued")
    assert {"credit_note", "adjustment", "write_off"} <= set(issued.values_list("kind", flat=True))
    assert Document.objects.filter(status="draft").count() == 2
    assert StatementImport.objects.get().state == StatementImport.State.DONE
    assert BankRow.objects.filter(kind="unmatched").count() >= 3
    assert [held(entry.contract) for entry in DepositEntry.objects.all()] == [500, 500]
    assert PriceNotice.objects.exists()
    assert MonthEnd.objects.get().previewed_at
    call_command("verify_ledger", stdout=StringIO())
