"""Rule 25: an account number is nowhere but in its own encrypted column, and follows the newest key."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from billing.models import DebitDetail, Mandate
from billing.services import mandates
from herotill.messages.services import sending
from herotill.models import AuditEvent
from herotill.secrets import UnreadableSecret, decrypt
from tests.factories import client_of, make_customer, make_person
from tests.factories.mandates import FNB, OTHER_FNB, make_detail, new_detail

pytestmark = pytest.mark.django_db
CANARIES = (FNB, OTHER_FNB, "62194875740")
HTMX = {"HX-Request": "true"}


def dump() -> str:
    """All rows of all tables, as a dump would have them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{table}" t')
            found.append(cursor.fetchone()[0] or "")
    return "\n".join(found)


def stored() -> bytes:
    """Every file that is kept."""
    files = (path for path in Path(configured.MEDIA_ROOT).rglob("*") if path.is_file())
    return b"".join(path.read_bytes() for path in files)


def test_s25_planted_account_numbers_are_nowhere_to_be_read(caplog):
    caplog.set_level(logging.DEBUG)
    alice = make_customer("Alice Liddel", "ALI001")
    rights = "customers.view_customer customers.see_audit_trail billing.change_billingprofile billing.add_debitdetail"
    more = "billing.view_debitdetail billing.view_mandate billing.export_mandates"
    greta = make_person("Greta", *rights.split(), *more.split())
    mandates.save_detail(customer=alice, values=new_detail(), actor=greta, now=timezone.now())
    mandates.ask(customer=alice, to=alice.contact_email, actor=greta, now=timezone.now())
    client = client_of(greta)
    dialog = "/billing/customers/ALI001/payment/"
    for number in ("62194875740", OTHER_FNB):
        bank = DebitDetail.objects.first().bank_id
        data = {"method": "debit_order", "debit_day": "1", "bank": bank, "branch_code": "250655"}
        data |= {"holder": "A Liddel", "account_type": "current", "number": number}
        data |= {"seen": DebitDetail.objects.get(replaced_at=None).pk}
        client.post(f"{dialog}check/", data, headers=HTMX)
        client.post(dialog, data, headers=HTMX)
    sending.send_mail(timezone.now())
    pages = [
        client.get(url).content.decode()
        for url in (
            "/customers/ALI001/widgets/debit-order/",
            "/billing/mandates/",
            "/customers/ALI001/widgets/audit-trail/",
        )
    ]
    assert DebitDetail.objects.count() == 2
    assert Mandate.objects.get().status == "cancelled"
    everything = "\n".join([dump(), caplog.text, *pages])
    for canary in CANARIES:
        assert canary not in everything
        assert canary.encode() not in stored()
    kept = str(list(AuditEvent.objects.filter(model="billing.debitdetail").values_list("new")))
    assert "7824" in kept


def test_s25_a_new_key_covers_account_numbers_and_mandates_stay_as_they_are(settings):
    settings.FIELD_ENCRYPTION_KEYS = ["old"]
    alice = make_customer("Alice Liddel", "ALI001")
    make_detail(alice)
    now = timezone.now()
    mandate = mandates.ask(customer=alice, to=alice.contact_email, actor=None, now=now)
    settings.FIELD_ENCRYPTION_KEYS = ["new", "old"]
    events = AuditEvent.objects.count()
    call_command("reencrypt", verbosity=0)
    held = DebitDetail.objects.get()
    settings.FIELD_ENCRYPTION_KEYS = ["old"]
    with pytest.raises(UnreadableSecret):
        decrypt(held.number.token)
    settings.FIELD_ENCRYPTION_KEYS = ["new"]
    assert decrypt(held.number.token) == FNB
    assert AuditEvent.objects.count() == events
    mandates.save_detail(customer=alice, values=new_detail(debit_day=1), actor=None, now=now)
    mandate.refresh_from_db()
    assert (mandate.status, mandate.debit_day) == ("asked", 1)


def test_s25_the_audit_keeps_changed_and_the_last_four(caplog):
    alice = make_customer("Alice Liddel", "ALI001")
    make_detail(alice)
    event = AuditEvent.objects.get(model="billing.debitdetail")
    assert "5749" in str(event.new)
    assert FNB[:6] not in str(event.new)
