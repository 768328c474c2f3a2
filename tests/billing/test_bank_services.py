"""Keys of the debit-order service: Thandi asks, Naledi approves, and until then nothing moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction

from billing.models import BankAccount, BankService
from billing.services import bank_services
from herotill import approvals
from herotill.errors import DomainError
from herotill.integrations.netcash.bureau import Bureau
from herotill.integrations.netcash.standin import KEYS, NetcashStandIn
from herotill.messages.services import sending
from herotill.models import ApprovalRequest
from tests.factories import client_of, make_person
from tests.factories.netcash import judged, service_with_keys
from tests.factories.people import in_role

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
RIGHTS = ("billing.view_bankservice", "billing.change_bankservice", "house.view_approval")
PAGE = "/billing/setup/debit-order-service/"
PASSWORD = "correct horse battery"
NEW = "99999999-0000-4000-8000-abcdefabcdef"


@pytest.fixture
def thandi() -> Any:
    person = make_person("Thandi", *RIGHTS)
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def naledi() -> Any:
    return make_person("Naledi", *RIGHTS)


@pytest.fixture
def there(settings: Any) -> Iterator[NetcashStandIn]:
    settings.OUTBOUND_ALLOW, settings.DEMO = ["127.0.0.1"], True
    with NetcashStandIn(Bureau(now=datetime.now, check=judged)) as found:
        settings.NETCASH_URL = found.url
        yield found


def ask(by: Any, **wanted: str) -> ApprovalRequest:
    return bank_services.ask_for_keys(
        service=bank_services.service("netcash"), wanted=wanted, reason="New profile", actor=by, now=NOW
    )


def test_s06_the_old_keys_stand_until_a_second_person_has_approved(thandi: Any, naledi: Any) -> None:
    service_with_keys()
    request = ask(thandi, debit_key=NEW)
    assert bank_services.keys("netcash") == (KEYS.debit, KEYS.account)
    for who, words in ((thandi, "a second person decides"), (make_person("Dora"), "may not decide")):
        with pytest.raises(DomainError, match=words):
            approvals.decide(request=request, approve=True, actor=who, now=NOW)
    assert bank_services.keys("netcash") == (KEYS.debit, KEYS.account)

    approvals.decide(request=request, approve=True, actor=naledi, now=NOW)
    assert bank_services.keys("netcash") == (NEW, KEYS.account)
    assert str(bank_services.service("netcash").debit_key) == "•••• cdef"


def test_s06_the_database_changes_no_key_without_the_approval(thandi: Any, naledi: Any) -> None:
    service_with_keys()
    request = ask(thandi, account_key=NEW)
    one = bank_services.service("netcash")
    one.debit_key = NEW
    with pytest.raises(IntegrityError, match="approval of a second person"), transaction.atomic():
        one.save()
    approvals.decide(request=request, approve=True, actor=naledi, now=NOW)
    one = bank_services.service("netcash")
    one.account_key = "99999999-0000-4000-8000-000000000000"
    with pytest.raises(IntegrityError, match="approval of a second person"), transaction.atomic():
        one.save()
    BankService.objects.update(lead_days=2)


def test_s06_every_administrator_is_told_and_no_key_is_told_to_anybody(thandi: Any, naledi: Any) -> None:
    in_role("Ada", "administrator", email="ada@example.com")
    request = ask(thandi, debit_key=NEW)
    approvals.decide(request=request, approve=False, answer="Ring them first", actor=naledi, now=NOW)
    sending.send_mail(NOW)

    assert [one.subject for one in mail.outbox if one.to == ["ada@example.com"]] == [
        "Change of keys of the debit-order service waits for a second person: Keys of Netcash",
        "Change of keys of the debit-order service refused: Keys of Netcash",
    ]
    kept = str(ApprovalRequest.objects.values().get(pk=request.pk))
    assert NEW not in kept + "".join(str(one.body) for one in mail.outbox)
    assert request.shown == [["Service key for debit orders", "none", "•••• cdef"]]


def test_s06_the_page_asks_for_the_password_again(thandi: Any, naledi: Any) -> None:
    client, keys = client_of(thandi), f"{PAGE}keys/"
    assert "Confirm that it is you" in client.get(keys).content.decode()
    client.post(keys, {"confirm-of": "GET", "confirm-password": PASSWORD})
    wrong = client.post(keys, {"debit_key": "short", "reason": "New profile"})
    assert (wrong.status_code, "five groups" in wrong.content.decode()) == (422, True)
    assert client.post(keys, {"reason": "New profile"}).status_code == 422
    done = client.post(keys, {"debit_key": NEW, "reason": "New profile"})
    assert (done.status_code, done.url) == (302, PAGE)
    page = client.get(PAGE).content.decode()
    assert "the old ones stand" in page
    assert NEW not in page + client_of(naledi).get("/approvals/").content.decode()

    dora = client_of(make_person("Dora", "billing.view_bankservice"))
    assert dora.get(PAGE).status_code == 200
    assert dora.get(keys).status_code == dora.post(f"{PAGE}test/").status_code == 403


def test_s25_keys_go_over_to_a_new_encryption_key(settings: Any) -> None:
    service_with_keys()
    settings.FIELD_ENCRYPTION_KEYS = ["a new key of the house", *settings.FIELD_ENCRYPTION_KEYS]
    call_command("reencrypt")
    settings.FIELD_ENCRYPTION_KEYS = settings.FIELD_ENCRYPTION_KEYS[:1]
    assert bank_services.keys("netcash") == (KEYS.debit, KEYS.account)


def test_it_is_switched_on_with_keys_and_an_account(thandi: Any) -> None:
    client = client_of(thandi)
    typed = {"is_on": "on", "instruction": "TwoDay", "lead_days": "3", "cutoff_hour": "22", "account": ""}
    assert "keys come first" in client.post(PAGE, typed).content.decode()
    assert "switched off" in bank_services.closed("netcash")

    service_with_keys(is_on=False)
    assert "Say into which account" in client.post(PAGE, typed).content.decode()
    account = BankAccount.objects.create(name="Netcash", kind="gateway", source="batch")
    assert client.post(PAGE, typed | {"account": str(account.pk)}).status_code == 302
    assert (bank_services.closed("netcash"), bank_services.service("netcash").account) == ("", account)
    dora = client_of(make_person("Dora", "billing.view_bankservice"))
    dora.post(PAGE, typed | {"lead_days": "9"})
    assert bank_services.service("netcash").lead_days == 3


def test_the_connection_is_tried_with_each_key(thandi: Any, there: NetcashStandIn) -> None:
    client = client_of(thandi)
    said = client.post(f"{PAGE}test/", follow=True).content.decode()
    assert said.count("service key is missing") == 2
    service_with_keys()
    said = client.post(f"{PAGE}test/", follow=True).content.decode()
    assert said.count("Netcash knows the key") == 2
    there.say("311")
    said = client.post(f"{PAGE}test/", follow=True).content.decode()
    assert "Debit orders: The service key is not one for this service. (311)" in said


def test_s01_a_server_that_stands_in_is_called_in_the_demo_only(
    thandi: Any, there: NetcashStandIn, settings: Any
) -> None:
    service_with_keys()
    settings.DEMO = False
    said = client_of(thandi).post(f"{PAGE}test/", follow=True).content.decode()
    assert ("only the demo works with one" in said, there.calls) == (True, [])
