"""Our own bank details: Thandi asks, Naledi approves, and until then nothing moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing.models import BankAccount
from billing.services import bank_accounts
from herotill import approvals
from herotill.errors import DomainError
from herotill.messages.services import sending
from herotill.models import ApprovalRequest
from herotill.users.services import second_factor
from tests.factories import client_of, make_person
from tests.factories.banking import printed_account
from tests.factories.people import in_role

pytestmark = [pytest.mark.django_db, pytest.mark.money]
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
RIGHTS = ("billing.view_bankaccount", "billing.change_bankaccount", "house.view_approval")
OLD = {"bank": "Nedbank", "branch_code": "198765", "holder": "Koppie Internet", "number": "1001001001"}
NEW = OLD | {"number": "2002002002"}
PASSWORD = "correct horse battery"


@pytest.fixture
def account() -> BankAccount:
    return printed_account("Current account", **OLD)


@pytest.fixture
def thandi() -> Any:
    person = make_person("Thandi", *RIGHTS)
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def naledi() -> Any:
    return make_person("Naledi", *RIGHTS)


def ask(account: BankAccount, by: Any, **details: Any) -> ApprovalRequest:
    wanted = NEW | {"printed": True} | details
    return bank_accounts.ask_for_change(
        account=account, details=wanted, reason="We move banks", actor=by, now=NOW
    )


def number_of(account: BankAccount) -> str:
    return BankAccount.objects.get(pk=account.pk).number


def test_s06_the_old_details_stand_until_a_second_person_has_approved(account, thandi, naledi):
    request = ask(account, thandi)
    assert number_of(account) == "1001001001"
    with pytest.raises(DomainError, match="a second person decides"):
        approvals.decide(request=request, approve=True, actor=thandi, now=NOW)
    with pytest.raises(DomainError, match="may not decide"):
        approvals.decide(request=request, approve=True, actor=make_person("Dora"), now=NOW)
    assert number_of(account) == "1001001001"

    approvals.decide(request=request, approve=True, actor=naledi, now=NOW)
    assert number_of(account) == "2002002002"


def test_s06_the_database_changes_no_bank_details_without_the_approval(account, thandi, naledi):
    ask(account, thandi)
    for change in (
        {"number": "2002002002"},
        {"bank": "Absa"},
        {"branch_code": "632005"},
        {"holder": "Somebody"},
    ):
        with pytest.raises(IntegrityError, match="approval of a second person"), transaction.atomic():
            BankAccount.objects.filter(pk=account.pk).update(**change)
    approvals.decide(request=ApprovalRequest.objects.latest("pk"), approve=True, actor=naledi, now=NOW)
    with pytest.raises(IntegrityError, match="approval of a second person"), transaction.atomic():
        BankAccount.objects.filter(pk=account.pk).update(number="3003003003")
    BankAccount.objects.filter(pk=account.pk).update(name="Main account", retired=True)


def test_s06_every_administrator_is_told_of_asking_and_of_the_answer(account, thandi, naledi):
    for name in ("Ada", "Bea"):
        in_role(name, "administrator", email=f"{name.lower()}@example.com")
    request = ask(account, thandi)
    approvals.decide(request=request, approve=False, answer="Ring the bank first", actor=naledi, now=NOW)
    sending.send_mail(NOW)

    for name in ("ada", "bea"):
        told = [each.subject for each in mail.outbox if each.to == [f"{name}@example.com"]]
        assert told == [
            "Change of our bank details waits for a second person: Current account",
            "Change of our bank details refused: Current account",
        ]
    assert number_of(account) == "1001001001"


def test_s06_an_approval_of_what_has_changed_since_lapses(account, thandi, naledi):
    savings = BankAccount.objects.create(name="Savings account", **NEW)
    first, second = ask(account, thandi), ask(savings, thandi, number="5005005005")

    approvals.decide(request=second, approve=True, actor=naledi, now=NOW)
    assert list(BankAccount.objects.filter(printed=True)) == [savings]
    with pytest.raises(DomainError, match="has changed since"):
        approvals.decide(request=first, approve=True, actor=naledi, now=NOW)
    assert number_of(account) == "1001001001"


def test_what_is_printed_has_somewhere_to_pay_to(account, thandi):
    with pytest.raises(DomainError, match="what stands there already"):
        ask(account, thandi, **OLD)
    with pytest.raises(DomainError, match="Documents need"):
        ask(account, thandi, number="")


def test_s06_the_page_asks_for_the_password_again_and_carries_what_was_typed(account, thandi):
    client = client_of(thandi)
    page = f"/billing/bank-accounts/{account.pk}/change/"
    typed = NEW | {"printed": "on", "reason": "We move banks"}

    assert "Confirm that it is you" in client.get(page).content.decode()
    asked = client.post(page, typed)
    assert "Confirm that it is you" in asked.content.decode()
    assert 'name="number" value="2002002002"' in asked.content.decode()
    of_hers = ApprovalRequest.objects.filter(asked_by=thandi)
    assert not of_hers.exists()
    wrong = client.post(page, typed | {"confirm-of": "POST", "confirm-password": "guessed"})
    assert (wrong.status_code, of_hers.count()) == (422, 0)
    done = client.post(page, typed | {"confirm-of": "POST", "confirm-password": PASSWORD})
    assert (done.status_code, of_hers.get().payload["number"]) == (302, "2002002002")
    assert "Until a second person approves, these stand." in client.get(done.url).content.decode()


def test_s06_the_second_factor_counts_for_five_minutes(account, thandi):
    secret = second_factor.new_secret()
    with patch("herotill.users.services.second_factor.validate_totp_code", return_value=True):
        codes = second_factor.set_up(user=thandi, secret=secret, code="123456")
    client, page = client_of(thandi), f"/billing/bank-accounts/{account.pk}/change/"

    assert 'name="confirm-code"' in client.get(page).content.decode()
    refused = client.post(page, {"confirm-of": "GET", "confirm-password": PASSWORD})
    assert refused.status_code == 422
    assert client.post(page, {"confirm-of": "GET", "confirm-code": codes[0]}).url == page
    assert "Ask for the change" in client.get(page).content.decode()
    with patch(
        "herotill.users.views.confirm.timezone.now", return_value=timezone.now() + timedelta(minutes=5)
    ):
        assert "Ask for the change" not in client.get(page).content.decode()


def test_an_account_is_added_without_being_printed_and_dora_adds_none(thandi):
    mia, dora = (
        client_of(in_role("Mia", "manager")),
        client_of(make_person("Dora", "billing.view_bankaccount")),
    )
    typed = OLD | {"name": "Savings", "kind": "bank", "source": "capture", "printed": "on"}

    assert dora.post("/setup/bank-accounts/new/", typed).status_code == 403
    assert mia.post("/setup/bank-accounts/new/", typed).status_code == 302
    savings = BankAccount.objects.get()
    assert (savings.printed, savings.number) == (False, "1001001001")
    mia.post(f"/setup/bank-accounts/{savings.pk}/", typed | {"name": "Nest egg", "number": "6006006006"})
    assert (BankAccount.objects.get().name, number_of(savings)) == ("Nest egg", "1001001001")
    assert dora.get(f"/billing/bank-accounts/{savings.pk}/change/").status_code == 403
