"""Safety 21: nobody gives what they lack or gives to themselves; money rights take two; resets are loud."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.test import Client

from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.users.backends import HouseBackend
from herotill.users.grants import money_rights
from herotill.users.models import AccessLink, RightsRequest, Role, Session, User
from herotill.users.selectors import rights as reading
from herotill.users.services import passwords, people, rights, second_factor
from tests.factories.people import in_role, make_person
from tests.users.conftest import log_in

pytestmark = pytest.mark.django_db
NOTE, IMPORT = "customers.add_customernote", "customers.import_opening_balances"


def fresh(user: User) -> User:
    """The same person as the next request sees them."""
    found = HouseBackend().get_user(user.pk)
    assert found is not None
    return found


def role(name: str) -> Role:
    return Role.objects.get(name=name)


def set_right(actor: User, name: str, right: str, held: bool = True) -> int:
    before = reading.held_by_roles([right])
    cells = {(key, right) for key, found in before.items() if found}
    cell = {(role(name).pk, right)}
    return rights.change_matrix(
        names=[right],
        wanted=cells | cell if held else cells - cell,
        seen=reading.fingerprint(before, [right]),
        actor=fresh(actor),
    )


def test_s21_a_person_gives_only_what_they_hold(naledi: User) -> None:
    clerk = make_person("Greta", "users.grant_rights")
    with pytest.raises(DomainError, match="you do not hold it"):
        set_right(clerk, "technician", "customers.delete_customernote")
    set_right(naledi, "technician", "customers.delete_customernote")
    assert "customers.delete_customernote" in reading.of_role(role("technician"))


def test_s21_nobody_gives_to_their_own_role() -> None:
    clerk = in_role("Greta", "manager", "technician")
    with pytest.raises(DomainError, match="You hold the role Technician yourself"):
        set_right(clerk, "technician", "customers.delete_customernote")


def test_s21_nobody_changes_their_own_roles(naledi: User) -> None:
    with pytest.raises(DomainError, match="your own roles"):
        rights.set_roles(user=naledi, roles=[role("support")], actor=fresh(naledi))


def test_s21_a_role_is_given_only_by_who_holds_all_of_it(naledi: User, dora: User) -> None:
    seller = in_role("Greta", "sales")
    with pytest.raises(DomainError, match="You cannot give the role Support"):
        rights.set_roles(user=dora, roles=[role("support")], actor=fresh(seller))
    assert rights.set_roles(user=dora, roles=[role("support")], actor=fresh(naledi)) == []
    assert fresh(dora).has_perm(NOTE)


def test_s21_a_money_right_waits_for_a_second_person(naledi: User, thabo: User) -> None:
    teller = in_role("Tessa", "collections")
    assert set_right(naledi, "collections", IMPORT) == 1
    assert set_right(naledi, "collections", IMPORT) == 0
    assert not fresh(teller).has_perm(IMPORT)
    asked = RightsRequest.objects.get()
    with pytest.raises(DomainError, match="A second person"):
        rights.approve(request=asked, actor=fresh(naledi), now=datetime.now().astimezone())
    rights.approve(request=asked, actor=fresh(thabo), now=datetime.now().astimezone())
    assert fresh(teller).has_perm(IMPORT)
    with pytest.raises(DomainError, match="decided already"):
        rights.refuse(request=asked, actor=fresh(thabo), now=datetime.now().astimezone())


def test_s21_the_second_person_is_not_who_gets_it_and_holds_it(naledi: User, now: datetime) -> None:
    set_right(naledi, "collections", IMPORT)
    asked = RightsRequest.objects.get()
    receiver = in_role("Tessa", "collections", "accounts")
    with pytest.raises(DomainError, match="give this to yourself"):
        rights.approve(request=asked, actor=fresh(receiver), now=now)
    powerless = make_person("Pete", "users.approve_rights")
    with pytest.raises(DomainError, match="only rights that you hold"):
        rights.approve(request=asked, actor=fresh(powerless), now=now)


def test_s21_a_role_with_money_rights_waits_too(naledi: User, thabo: User, dora: User, now: datetime) -> None:
    waiting = rights.set_roles(user=dora, roles=[role("accounts"), role("sales")], actor=fresh(naledi))
    assert waiting == [role("accounts")]
    assert not fresh(dora).has_perm(IMPORT)
    assert fresh(dora).has_perm("customers.add_customer")
    rights.approve(request=RightsRequest.objects.get(), actor=fresh(thabo), now=now)
    assert fresh(dora).has_perm(IMPORT)


def test_s21_refused_or_taken_back_gives_nothing(naledi: User, dora: User, now: datetime) -> None:
    rights.set_roles(user=dora, roles=[role("accounts")], actor=fresh(naledi))
    rights.refuse(request=RightsRequest.objects.get(), actor=fresh(naledi), now=now)
    assert not fresh(dora).has_perm(IMPORT)


def test_s21_the_database_itself_refuses_one_person_as_two(naledi: User, dora: User, now: datetime) -> None:
    def ask(**values: object) -> RightsRequest:
        with transaction.atomic():
            return RightsRequest.objects.create(
                **{"role": role("accounts"), "requested_by": naledi, **values}
            )

    by_herself = {"outcome": "approved", "decided_by": naledi, "decided_at": now}
    permission = Permission.objects.get(codename="import_opening_balances")
    with pytest.raises(IntegrityError, match="approved_by_a_second_person"):
        ask(user=dora, **by_herself)
    with pytest.raises(IntegrityError, match="approved_by_a_second_person"):
        ask(user=dora, outcome="approved", decided_by=dora, decided_at=now)
    with pytest.raises(IntegrityError, match="nobody_asks_for_themselves"):
        ask(user=naledi)
    with pytest.raises(IntegrityError, match="decided_request_names_who_and_when"):
        ask(user=dora, outcome="approved")
    receiver = in_role("Tessa", "accounts")
    with pytest.raises(IntegrityError, match="Somebody outside the role"):
        ask(permission=permission, outcome="approved", decided_by=receiver, decided_at=now)


def test_s21_the_database_knows_no_way_round_the_roles(carol: User, dora: User, naledi: User) -> None:
    for trouble, wrong in (
        ("Rights come from roles alone", lambda: dora.user_permissions.add(Permission.objects.all()[0])),
        ("Customers hold no roles", lambda: carol.groups.add(role("support").pk)),
        ("Staff stay staff", lambda: User.objects.filter(pk=dora.pk).update(kind="portal")),
        ("nobody_stands_above_the_rights", lambda: User.objects.filter(pk=dora.pk).update(is_superuser=True)),
    ):
        with pytest.raises(IntegrityError, match=trouble), transaction.atomic():
            wrong()


def test_s21_administrators_lose_no_right(naledi: User) -> None:
    with pytest.raises(DomainError, match="Administrators hold every right"):
        set_right(naledi, "administrator", NOTE, held=False)
    with pytest.raises(IntegrityError, match="Administrators hold every right"), transaction.atomic():
        take_everything_by_hand(role("administrator"))


def take_everything_by_hand(of: Role) -> None:
    of.permissions.clear()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_s21_auditors_get_nothing_that_changes(naledi: User) -> None:
    with pytest.raises(DomainError, match="Auditors change nothing"):
        set_right(naledi, "auditor", NOTE)


@pytest.mark.parametrize("what", ["password", "second factor"])
def test_s21_a_reset_is_loud_and_blocks_money_for_a_day(
    naledi: User, thabo: User, now: datetime, what: str
) -> None:
    teller = in_role("Tessa", "accounts", email="tessa@isp.example")
    teller.set_password("an old password")
    teller.save()
    second_factor.TOTP.activate(teller, second_factor.new_secret())
    Client().force_login(teller)
    assert fresh(teller).has_perm(IMPORT)
    reset = passwords.reset_other if what == "password" else passwords.reset_second_factor
    reset(user=teller, actor=naledi, now=now)
    assert not Session.objects.filter(user=teller).exists()
    assert fresh(teller).check_password("an old password") == (what != "password")
    assert fresh(teller).has_second_factor == (what == "password")
    told = _told()
    assert told == {"tessa@isp.example", "naledi@isp.example", "thabo@isp.example"}
    assert what in Message.objects.filter(template="taken-over")[0].context["what"]
    assert fresh(teller).money_rights_blocked_until == now + timedelta(hours=24)
    assert not fresh(teller).has_perm(IMPORT)
    assert fresh(teller).has_perm("customers.view_customer")
    User.objects.filter(pk=teller.pk).update(money_rights_blocked_until=now - timedelta(seconds=1))
    assert fresh(teller).has_perm(IMPORT)


def test_s21_a_new_email_leads_to_the_password_so_it_counts_as_a_reset(
    naledi: User, alice: User, now: datetime
) -> None:
    people.change(user=alice, name="Alice", email="new@isp.example", actor=naledi, now=now)
    told = _told()
    assert {"alice@isp.example", "new@isp.example", "naledi@isp.example"} <= told
    assert fresh(alice).money_rights_blocked_until is not None


def test_s21_nobody_becomes_an_administrator_by_the_email_of_one(naledi: User, now: datetime) -> None:
    clerk = make_person("Greta", "users.view_user", "users.change_user")
    User.objects.filter(pk=naledi.pk).update(is_active=False)
    with pytest.raises(DomainError, match="rights that you do not"):
        people.change(user=naledi, name="Naledi", email="greta@isp.example", actor=fresh(clerk), now=now)
    assert User.objects.get(pk=naledi.pk).email == "naledi@isp.example"
    people.change(user=naledi, name="Naledi M.", email="NALEDI@isp.example", actor=fresh(clerk), now=now)


def test_s21_a_changed_name_tells_nobody(naledi: User, alice: User, now: datetime) -> None:
    people.change(user=alice, name="Alice L.", email="alice@isp.example", actor=naledi, now=now)
    assert not Message.objects.exists()
    assert fresh(alice).name == "Alice L."


def test_s21_ones_own_is_changed_elsewhere(naledi: User, now: datetime) -> None:
    with pytest.raises(DomainError, match="Change your own"):
        passwords.reset_other(user=naledi, actor=naledi, now=now)


def test_s21_two_money_rights_are_declared_from_the_start() -> None:
    assert {"customers.import_opening_balances", "customers.roll_back_import"} <= money_rights()


def test_s21_the_last_administrator_stays(naledi: User, thabo: User, now: datetime) -> None:
    rights.set_roles(user=thabo, roles=[], actor=fresh(naledi))
    helper = make_person("Greta", "users.change_user")
    with pytest.raises(DomainError, match="last administrator"):
        people.deactivate(user=naledi, actor=helper, now=now)
    with pytest.raises(DomainError, match="last administrator"):
        rights.set_roles(user=naledi, roles=[], actor=fresh(helper))


def test_s21_who_is_switched_off_is_out_at_once(
    client: Client, naledi: User, alice: User, now: datetime
) -> None:
    log_in(client, "alice")
    AccessLink.objects.create(door="staff", user=alice, email=alice.email)
    people.deactivate(user=alice, actor=naledi, now=now)
    assert client.get("/log-ins/").status_code == 302
    assert AccessLink.objects.get().ended_at == now
    assert log_in(Client(), "alice").status_code == 422
    people.activate(user=alice, actor=naledi)
    assert log_in(Client(), "alice").status_code == 422
    assert AccessLink.objects.filter(ended_at=None, email=alice.email).count() == 1


def _told() -> set[str]:
    """The addresses that are told of a log-in taken over."""
    return set(Message.objects.filter(template="taken-over").values_list("address", flat=True))
