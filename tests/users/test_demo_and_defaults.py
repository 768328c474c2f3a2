"""The demo's people, who they are from the start, and that the demo stays at home."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.contrib.auth.models import Permission
from django.test import Client

from herotill.errors import DomainError
from herotill.users import grants
from herotill.users.backends import HouseBackend
from herotill.users.models import Role, User
from herotill.users.selectors.rights import NAME, of_role
from herotill.users.services import default_grants, demo
from tests.architecture.urls import addresses
from tests.users.conftest import log_in, with_password

pytestmark = pytest.mark.django_db


def test_the_demo_has_one_in_each_role_with_one_hash(client: Client, settings: LazySettings) -> None:
    settings.DEMO = True
    people = demo.people()
    assert list(people) == [
        "admin",
        "manager",
        "accounts",
        "collections",
        "sales",
        "support",
        "technician",
        "auditor",
    ]
    assert len(set(User.objects.values_list("password", flat=True))) == 1
    assert log_in(client, "admin", "demo").url == "/"
    assert demo.people() == people
    assert User.objects.count() == 8


def test_outside_the_demo_its_password_opens_nothing(client: Client, settings: LazySettings) -> None:
    with pytest.raises(DomainError, match="DEMO=1"):
        demo.people()
    settings.DEMO = True
    demo.people()
    settings.DEMO = False
    assert log_in(client, "admin", "demo").status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"REMOTE_ADDR": "192.168.1.20"},
        {"HTTP_HOST": "demo.isp.example"},
        {"HTTP_X_FORWARDED_FOR": "203.0.113.9"},
        {"HTTP_FORWARDED": "for=203.0.113.9"},
        {"HTTP_X_REAL_IP": "203.0.113.9"},
    ],
)
def test_the_demo_answers_only_its_own_machine(settings: LazySettings, wrong: dict[str, str]) -> None:
    settings.DEMO, settings.ALLOWED_HOSTS = True, ["*"]
    assert Client(**wrong).get("/login/").status_code == 403
    for host in ("localhost:8000", "127.0.0.1:8000", "[::1]:8000"):
        assert Client(HTTP_HOST=host).get("/login/").status_code == 200
    settings.DEMO = False
    assert Client(**wrong).get("/login/").status_code == 200


def test_a_host_that_cannot_be_read_is_not_home(settings: LazySettings) -> None:
    settings.DEMO = True
    assert Client(HTTP_HOST="[::1").get("/login/").status_code == 403


def test_every_declared_right_is_a_permission_and_every_asked_right_is_declared() -> None:
    known = set(Permission.objects.annotate(right=NAME).values_list("right", flat=True))
    declared = {right.name for right in grants.rights}
    assert declared - known == set()
    asked = {each.guard.permission for each in addresses() if each.guard} - {""}
    assert asked - declared == set()
    ours = {
        config.label
        for config in apps.get_app_configs()
        if config.name.split(".")[0] in ("herotill", "customers")
    }
    custom = {right for right in known if right.split(".")[0] in ours and not _is_automatic(right)}
    assert custom - declared == set()


def _is_automatic(right: str) -> bool:
    return right.split(".")[1].startswith(("add_", "change_", "delete_", "view_"))


def test_auditors_see_everything_and_change_nothing() -> None:
    held = of_role(Role.objects.get(name="auditor"))
    assert held == {right.name for right in grants.rights if not right.changes}
    assert "customers.see_id_numbers" in held
    assert not {name for name in held if ".change_" in name or ".add_" in name}


def test_administrators_hold_everything_new_ones_included() -> None:
    new = Permission.objects.create(
        codename="juggle", name="x", content_type=Permission.objects.all()[0].content_type
    )
    administrator = Role.objects.get(name="administrator")
    assert not administrator.permissions.filter(pk=new.pk).exists()
    default_grants.apply()
    assert administrator.permissions.count() == Permission.objects.count()


def test_what_was_changed_in_the_matrix_stays_after_the_next_migration() -> None:
    support = Role.objects.get(name="support")
    note = Permission.objects.get(codename="add_customernote")
    assert note in support.permissions.all()
    support.permissions.remove(note)
    default_grants.apply()
    assert note not in support.permissions.all()


def test_nobody_gives_to_a_role_that_is_none() -> None:
    with pytest.raises(ValueError, match="There is no role 'boss'"):
        grants.give("boss", "customers.view_customer")


def test_a_portal_log_in_holds_no_right_even_by_mistake(carol: User) -> None:
    with_password(carol)
    assert HouseBackend().get_all_permissions(carol) == set()
    assert not carol.has_perm("customers.view_customer")
    assert not carol.has_module_perms("customers")
