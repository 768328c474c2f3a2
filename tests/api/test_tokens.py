"""Tokens: shown once, kept as a hash, never more than their owner may do now, and ended with them (s21)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from herotill.api.models import Token
from herotill.api.services import tokens
from herotill.errors import DomainError
from herotill.models import AuditEvent
from herotill.users.models import Role, User
from herotill.users.services import passwords, people
from tests.api.programs import Program, program
from tests.factories import make_customer, make_person
from tests.factories.people import in_role

pytestmark = pytest.mark.django_db
READ = "customers:read"
SEE = "customers.view_customer"


@pytest.fixture
def thabo() -> User:
    return make_person("Thabo", SEE, "api.make_token")


def confirmed(client: Client, person: User) -> Client:
    """A log-in that has just given its second factor."""
    client.force_login(person)
    session = client.session
    session["confirmed_at"] = timezone.now().isoformat()
    session.save()
    return client


def test_thabo_makes_a_token_and_a_program_comes_in_by_it(client: Client, thabo: User) -> None:
    make_customer("Alice Liddel", "ALI001")
    last = (timezone.localdate() + timedelta(days=7)).isoformat()
    made = confirmed(client, thabo).post(
        "/setup/api/new/", {"name": "Stock program", "scopes": [READ], "expires_on": last}
    )
    text = made.content.decode().split('class="code">')[1].split("<")[0]

    kept = Token.objects.get()
    assert (kept.hashed, kept.prefix) == (tokens.hashed(text), text[:10])
    assert text not in client.get("/setup/api/").content.decode()
    assert kept.prefix in client.get("/setup/api/").content.decode()
    answer = Program(text).get("/customers/ALI001")
    assert (answer.status_code, answer.json()["name"]) == (200, "Alice Liddel")
    kept.refresh_from_db()
    assert kept.last_used_at is not None


def test_the_text_of_a_token_stands_nowhere(thabo: User) -> None:
    now = timezone.now()
    _, text = tokens.make(
        owner=thabo, name="Stock", wanted=[READ], expires_at=now + timedelta(days=1), now=now
    )
    written = str(list(Token.objects.values())) + str(list(AuditEvent.objects.values("old", "new")))
    assert text not in written
    assert tokens.hashed(text) not in str(list(AuditEvent.objects.values("old", "new")))


def test_s21_a_token_never_exceeds_what_its_owner_may_do_now(thabo: User) -> None:
    make_customer("Alice Liddel", "ALI001")
    stock = program(thabo, READ)
    assert stock.get("/customers").status_code == 200

    Role.objects.get(user=thabo).permissions.clear()
    refused = stock.get("/customers")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "right_missing")


def test_s21_nobody_gives_a_token_what_they_may_not_do(client: Client) -> None:
    dora = make_person("Dora", "api.make_token")
    with pytest.raises(DomainError, match="may not do yourself"):
        program(dora, READ)
    assert b"see customers" not in confirmed(client, dora).get("/setup/api/new/").content


def test_s21_a_token_dies_with_its_owner(thabo: User) -> None:
    stock = program(thabo, READ)
    User.objects.filter(pk=thabo.pk).update(is_active=False)
    assert stock.get("/customers").status_code == 401

    User.objects.filter(pk=thabo.pk).update(is_active=True)
    assert stock.get("/customers").status_code == 200


@pytest.mark.parametrize(
    "deed",
    [
        lambda user, actor, now: passwords.reset_other(user=user, actor=actor, now=now),
        lambda user, actor, now: people.deactivate(user=user, actor=actor, now=now),
        lambda user, actor, now: passwords.taken_over(user=user, actor=actor, what="second factor", now=now),
    ],
)
def test_s21_tokens_end_where_all_log_ins_end(thabo: User, deed: Any) -> None:
    """Whoever had Thabo's password may have made one."""
    thabo.email = "thabo@isp.example"
    thabo.save(update_fields=["email"])
    stock, alices = program(thabo, READ), program(make_person("Alice", SEE), READ)
    in_role("Nomsa", "administrator")
    deed(thabo, in_role("Chief", "administrator"), timezone.now())
    User.objects.filter(pk=thabo.pk).update(is_active=True)

    assert stock.get("/customers").status_code == 401
    assert alices.get("/customers").status_code == 200
    assert AuditEvent.objects.filter(model="api.token", operation="change").count() == 1


def test_a_password_that_thabo_changes_himself_leaves_his_tokens(thabo: User) -> None:
    stock = program(thabo, READ)
    passwords.change(user=thabo, password="another long one", keep="this-one", now=timezone.now())
    assert stock.get("/customers").status_code == 200


def test_s21_money_rights_that_are_blocked_are_blocked_for_tokens_too() -> None:
    thabo = make_person("Thabo", "billing.add_receipt")
    stock = program(thabo, "receipts:write")
    User.objects.filter(pk=thabo.pk).update(money_rights_blocked_until=timezone.now() + timedelta(hours=24))
    assert stock.post("/receipts").status_code == 403


def test_a_token_opens_its_scopes_and_nothing_else() -> None:
    thabo = make_person("Thabo", SEE, "customers.add_customernote")
    make_customer("Alice Liddel", "ALI001")
    refused = program(thabo, READ).post("/customers/ALI001/notes", {"text": "Called."})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "scope_missing")


@pytest.mark.parametrize("text", ["", "ht_wrong", "nothing of ours", "é"])
def test_an_unknown_token_opens_nothing(text: str) -> None:
    answer = Program(text).get("/customers")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "token_unknown")


def test_a_token_ends_on_its_day_and_when_it_is_revoked(thabo: User) -> None:
    over = program(thabo, READ, now=timezone.now() - timedelta(days=31))
    assert over.get("/customers").status_code == 401

    stock = program(thabo, READ)
    tokens.revoke(token=Token.objects.latest("pk"), actor=thabo, now=timezone.now())
    assert stock.get("/customers").status_code == 401


def test_others_revoke_with_the_right_alone(client: Client, thabo: User) -> None:
    program(thabo, READ)
    token = Token.objects.get()
    dora = make_person("Dora", "api.make_token")
    client.force_login(dora)
    assert b"Stock" not in client.get("/setup/api/").content
    assert client.post(f"/setup/api/{token.pk}/revoke/").status_code == 404

    chief = make_person("Chief", "api.make_token", "api.see_tokens", "api.revoke_tokens")
    client.force_login(chief)
    assert client.post(f"/setup/api/{token.pk}/revoke/").status_code == 302
    token.refresh_from_db()
    assert (token.revoked_at is not None, token.revoked_by) == (True, chief)


def test_a_log_in_alone_opens_no_endpoint(client: Client, thabo: User) -> None:
    client.force_login(thabo)
    assert client.get("/api/v1/customers").status_code == 401


def test_the_trail_names_the_owner_and_the_token() -> None:
    thabo = make_person("Thabo", "customers.add_customernote")
    make_customer("Alice Liddel", "ALI001")
    program(thabo, "customer-notes:write").post("/customers/ALI001/notes", {"text": "Called."})

    event = AuditEvent.objects.filter(model="customers.customernote").latest("pk")
    assert event.actor_id == thabo.pk
    assert event.source == f"api: {Token.objects.get().prefix} /api/v1/customers/ALI001/notes"


def test_too_many_requests_wait(settings: Any, thabo: User) -> None:
    settings.API_PER_MINUTE = 2
    stock = program(thabo, READ)
    answers = [stock.get("/customers") for _ in range(6)]  # a minute may end in between, once

    refused = next(one for one in answers if one.status_code == 429)
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.json()["error"]["code"] == "too_many_requests"


def test_more_tokens_are_no_more_requests(settings: Any, thabo: User) -> None:
    settings.API_PER_MINUTE = 2
    many = [program(thabo, READ) for _ in range(6)]
    answers = [stock.get("/customers").status_code for stock in many]  # a minute may end in between, once
    assert 429 in answers


def test_without_the_second_factor_that_a_role_demands_a_token_opens_nothing(thabo: User) -> None:
    stock = program(thabo, READ)
    Role.objects.filter(user=thabo).update(second_factor_required=True)
    assert stock.get("/customers").json()["error"]["code"] == "second_factor_missing"
