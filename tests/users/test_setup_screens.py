"""Naledi sets up people, roles and rights on the screens; Alice looks in vain."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from herotill.messages.models import Message
from herotill.users.models import RightsRequest, Role, Session, User
from herotill.users.selectors.rights import of_role, permissions
from herotill.users.services import second_factor
from tests.factories.people import in_role
from tests.users.conftest import log_in, mailed_links

pytestmark = pytest.mark.django_db
LABEL = "customers.add_label"


@pytest.fixture
def desk(client: Client, naledi: User) -> Client:
    client.force_login(naledi)
    return client


def role(name: str) -> Role:
    return Role.objects.get(name=name)


def test_alice_is_told_whom_to_ask(client: Client, alice: User, naledi: User, thabo: User) -> None:
    client.force_login(alice)
    refused = client.get("/setup/people/")
    assert refused.status_code == 403
    assert b"ask Naledi or Thabo" in refused.content
    part = client.get("/setup/people/", headers={"HX-Request": "true"})
    assert (part.status_code, part.content) == (
        403,
        b"You do not have the right to this. Ask Naledi or Thabo.",
    )


def test_naledi_takes_zola_on_who_sets_a_password_by_mail(
    desk: Client, naledi: User, django_capture_on_commit_callbacks: Any
) -> None:
    values = {
        "username": "zola",
        "name": "Zola Nkosi",
        "email": "zola@isp.example",
        "roles": [role("support").pk],
    }
    with django_capture_on_commit_callbacks(execute=True):
        added = desk.post("/setup/people/add/", values)
    zola = User.objects.get(username="zola")
    assert added.url == f"/setup/people/{zola.pk}/"
    assert desk.get(added.url).status_code == 200
    new = {"new": "seven blue kettles", "again": "seven blue kettles"}
    assert Client().post(mailed_links()[0], new).url == "/login/"
    assert log_in(Client(), "zola", "seven blue kettles").url == "/"
    assert b"Zola Nkosi" in desk.get("/setup/people/").content


@pytest.mark.parametrize(
    ("username", "said"),
    [
        ("ali001", "looks like a customer code"),
        ("NALEDI", "small letters"),
        ("naledi", "is taken"),
        ("", "required"),
    ],
)
def test_a_name_that_cannot_be_is_refused_at_its_field(desk: Client, username: str, said: str) -> None:
    refused = desk.post("/setup/people/add/", {"username": username, "name": "X", "email": "x@isp.example"})
    assert refused.status_code == 422
    assert said in refused.content.decode()


def test_a_role_with_money_rights_shows_as_waiting(desk: Client, dora: User, thabo: User) -> None:
    page = f"/setup/people/{dora.pk}/"
    values = {"name": "Dora", "email": "dora@isp.example", "roles": [role("accounts").pk]}
    assert desk.post(page, values).url == page
    assert b"waits for a second person" in desk.get(page).content
    second = Client()
    second.force_login(thabo)
    waiting = RightsRequest.objects.get()
    assert b"import opening balances" in second.get("/setup/approvals/").content
    assert b"A second person has to approve" in desk.get("/setup/approvals/").content
    desk.post(f"/setup/approvals/{waiting.pk}/", {"outcome": "approve"})
    assert not dora.groups.exists()
    second.post(f"/setup/approvals/{waiting.pk}/", {"outcome": "approve"})
    assert dora.groups.get().name == "accounts"
    assert b"Nothing waits" in desk.get("/setup/approvals/").content


def test_looking_at_people_is_not_changing_them(client: Client, alice: User, dora: User) -> None:
    role("support").permissions.add(*_permissions("users.view_user"))
    client.force_login(alice)
    page = f"/setup/people/{dora.pk}/"
    seen = client.get(page).content
    assert b"dora@isp.example" in seen
    assert b"Save person" not in seen
    assert b"Reset password" not in seen
    assert client.post(page, {"name": "Mallory", "email": "m@isp.example"}).status_code == 403
    assert User.objects.get(pk=dora.pk).name == "Dora"


def _permissions(*names: str) -> Iterable[Permission]:
    return permissions(names).values()


def test_resetting_and_logging_out_others(desk: Client, alice: User) -> None:
    other = Client()
    other.force_login(alice)
    page = f"/setup/people/{alice.pk}/"
    assert desk.post(f"{page}end-log-ins/").url == page
    assert not Session.objects.filter(user=alice).exists()
    second_factor.TOTP.activate(alice, second_factor.new_secret())
    assert b"Reset second factor" in desk.get(page).content
    desk.post(f"{page}reset-second-factor/")
    assert b"has no second factor" in _messages(desk.post(f"{page}reset-second-factor/", follow=True))
    desk.post(f"{page}reset-password/")
    alice.refresh_from_db()
    assert not alice.has_usable_password()
    assert Message.objects.filter(address="alice@isp.example", template="taken-over").count() == 2
    desk.post(f"{page}switch/")
    assert not User.objects.get(pk=alice.pk).is_active
    desk.post(f"{page}switch/", {"active": "1"})
    assert User.objects.get(pk=alice.pk).is_active


def _messages(response: Any) -> bytes:
    return b" ".join(str(message).encode() for message in response.context["messages"])


def test_a_role_is_made_named_and_demands_a_second_factor(desk: Client) -> None:
    assert (
        desk.post("/setup/roles/add/", {"label": "Night shift", "description": "After ten"}).url
        == "/setup/rights/"
    )
    made = role("night-shift")
    assert of_role(made) == set()
    page = f"/setup/roles/{made.pk}/"
    assert desk.post(page, {"label": "Nights", "second_factor_required": "on"}).url == "/setup/roles/"
    made.refresh_from_db()
    assert (made.label, made.second_factor_required) == ("Nights", True)
    for path in ("/setup/roles/add/", page):
        refused = desk.post(path, {"label": "Support"})
        assert (refused.status_code, b"There is a role of this name" in refused.content) == (422, True)
    assert b"Nights" in desk.get("/setup/roles/").content


def _matrix(page: str) -> tuple[str, list[str]]:
    """What the browser would send back: the mark of what was seen, and the ticked boxes."""
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen is not None
    ticked = re.findall(r'<input type="checkbox" name="held" value="([^"]+)"[^>]* checked>', page)
    fixed = re.findall(r'<input type="hidden" name="held" value="([^"]+)"', page)
    return seen.group(1), ticked + fixed


def test_the_matrix_saves_what_is_ticked_and_leaves_the_rest(desk: Client) -> None:
    before = {each.name: of_role(each) for each in Role.objects.all()}
    page = desk.get("/setup/rights/customers/").content.decode()
    assert "put labels on many customers at once" in page
    assert "Profile: contacts" in page
    seen, held = _matrix(page)
    sales, support = role("sales"), role("support")
    wanted = [*held, f"{sales.pk}:{LABEL}"]
    wanted.remove(f"{support.pk}:{LABEL}")
    assert (
        desk.post("/setup/rights/customers/", {"seen": seen, "held": wanted}).url
        == "/setup/rights/customers/"
    )
    assert of_role(sales) == before["sales"] | {LABEL}
    assert of_role(support) == before["support"] - {LABEL}
    assert of_role(role("administrator")) == before["administrator"]
    assert of_role(role("accounts")) == before["accounts"]


def test_a_matrix_of_many_roles_is_saved(desk: Client) -> None:
    many = [f"{number}:{LABEL}" for number in range(2000)]
    assert desk.post("/setup/rights/customers/", {"seen": "", "held": many}).status_code == 422


def test_two_who_save_at_once_do_not_undo_each_other(desk: Client) -> None:
    seen, held = _matrix(desk.get("/setup/rights/customers/").content.decode())
    role("sales").permissions.add(*_permissions(LABEL))
    late = desk.post("/setup/rights/customers/", {"seen": seen, "held": held})
    assert late.status_code == 422
    assert b"Somebody else changed these rights meanwhile" in late.content
    assert LABEL in of_role(role("sales"))


def test_looking_at_rights_is_not_giving_them(client: Client) -> None:
    client.force_login(in_role("Max", "auditor"))
    page = client.get("/setup/rights/customers/").content.decode()
    assert "Save rights" not in page
    seen, held = _matrix(page)
    client.post("/setup/rights/customers/", {"seen": seen, "held": [*held, f"{role('sales').pk}:{LABEL}"]})
    assert LABEL not in of_role(role("sales"))


def test_an_area_that_is_none_is_not_found(desk: Client) -> None:
    assert desk.get("/setup/rights/nonsense/").status_code == 404


def test_alice_sees_her_log_ins_and_ends_the_others(client: Client, alice: User) -> None:
    others = [Client(HTTP_USER_AGENT=f"Firefox/{number} Windows") for number in range(3)]
    for each in (client, *others):
        log_in(each, "alice")
    page = client.get("/log-ins/").content.decode()
    assert page.count("Firefox on Windows") == 3
    assert "127.0.0.1" in page
    assert page.count("This one") == 1
    handle = Session.objects.get(agent="Firefox/2 Windows").handle
    client.post(f"/log-ins/{handle}/end/")
    assert others[2].get("/log-ins/").status_code == 302
    assert others[1].get("/log-ins/").status_code == 200
    client.post("/log-ins/end/")
    assert [each.get("/log-ins/").status_code for each in (client, *others)] == [200, 302, 302, 302]


def test_alice_ends_nobody_elses_log_in(client: Client, alice: User, dora: User) -> None:
    other = Client()
    log_in(other, "dora")
    log_in(client, "alice")
    client.post(f"/log-ins/{Session.objects.get(user=dora).handle}/end/")
    assert other.get("/log-ins/").status_code == 200
    assert client.post("/logout/").url == "/login/"
    assert client.get("/log-ins/").status_code == 302


def test_what_breaks_says_so_in_words(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("herotill.users.views.people.reading.staff", lambda: 1 / 0)
    desk.raise_request_exception = False
    broken = desk.get("/setup/people/")
    assert (broken.status_code, b"Something went wrong on our side" in broken.content) == (500, True)
    part = desk.get("/setup/people/", headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["Content-Type"]) == (500, "text/plain; charset=utf-8")
    assert b"There is no such page" in desk.get("/nowhere/").content
