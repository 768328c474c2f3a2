"""Whom FreeRADIUS listens to: the routers that stand in HeroTill now, each with its own secret."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from dataaccounts.models import Nas
from dataaccounts.services import radius_secrets
from tests.dataaccounts.radius import Router
from tests.factories import make_customer
from tests.factories.data import make_account, make_nas

pytestmark = pytest.mark.django_db(transaction=True)
ALICE = "alice@isp.example"
PASSWORD = "rabbit-hole-4471"


@pytest.fixture(autouse=True)
def alice() -> None:
    account = make_account(make_customer("Alice Liddel", code="ALI001"), ALICE)
    radius_secrets.set_password(account_id=account.pk, password=PASSWORD, actor=None)


def forgotten(router: Router) -> None:
    """Waits until FreeRADIUS has forgotten what it knew of the router."""
    time.sleep(float(router.server.environment["RADIUS_REMEMBER"]) + 1.1)


def test_a_new_router_is_served_at_once_and_a_stranger_never(router: Callable[..., Router]) -> None:
    tower = router()
    assert tower.login(ALICE, PASSWORD).accepted
    stranger = replace(tower, address="127.0.0.9")
    assert stranger.login(ALICE, PASSWORD).code == ""
    forgotten(tower)
    added = router("Tower 2", "127.0.0.9")
    assert added.login(ALICE, PASSWORD).accepted


def test_a_retired_router_is_answered_no_more(router: Callable[..., Router]) -> None:
    tower = router()
    assert tower.login(ALICE, PASSWORD).accepted
    Nas.objects.update(retired=True)
    forgotten(tower)
    assert tower.login(ALICE, PASSWORD).code == ""
    assert tower.report("Start", ALICE).code == ""


def test_a_changed_secret_holds_and_the_old_one_no_more(router: Callable[..., Router]) -> None:
    old = router()
    assert old.login(ALICE, PASSWORD).accepted
    new = replace(
        old,
        secret=radius_secrets.set_secret(nas_id=Nas.objects.get().pk, secret="another-one-4471", actor=None),
    )
    forgotten(old)
    assert new.login(ALICE, PASSWORD).accepted
    assert old.login(ALICE, PASSWORD).code == ""


def test_s25_message_authenticator_is_required_unless_the_router_waives_it(
    router: Callable[..., Router],
) -> None:
    plain = router(signs=False)
    assert plain.login(ALICE, PASSWORD).code == ""
    assert replace(plain, signs=True).login(ALICE, PASSWORD).accepted
    Nas.objects.update(require_message_authenticator=False)
    forgotten(plain)
    assert plain.login(ALICE, PASSWORD).accepted


def test_s25_a_router_without_a_secret_is_no_router(router: Callable[..., Router]) -> None:
    tower = router()
    make_nas("Tower 2", "127.0.0.3")
    assert replace(tower, address="127.0.0.3").login(ALICE, PASSWORD).code == ""
    assert replace(tower, address="127.0.0.3", secret="").login(ALICE, PASSWORD).code == ""
