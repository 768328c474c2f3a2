"""What a real FreeRADIUS answers to a log-in: what the account is now, and nothing of it where it is refused."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from dataaccounts.models import (
    DataAccount,
    Device,
    LoginAnswer,
    Nas,
    NetworkRules,
    Package,
    Session,
    VendorTemplate,
)
from dataaccounts.services import radius_secrets
from tests.dataaccounts import mschap
from tests.dataaccounts.radius import MAC, Answer, Router
from tests.factories import make_customer
from tests.factories.data import make_account, make_package, make_session

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "rabbit-hole-4471"
OTHER = "4C:5E:0C:11:22:33"
Log = Callable[..., Answer]


@pytest.fixture
def tower(router: Callable[..., Router]) -> Router:
    return router()


def make_login(
    username: str = "alice@isp.example", password: str = PASSWORD, **fields: object
) -> DataAccount:
    code = username[:3].upper() + "001"
    account = make_account(make_customer(username.split("@")[0].title(), code=code), username, **fields)
    radius_secrets.set_password(account_id=account.pk, password=password, actor=None)
    return account


def become(account: DataAccount, **fields: object) -> None:
    DataAccount.objects.filter(pk=account.pk).update(**fields)


def reason() -> str:
    return LoginAnswer.objects.latest("id").reason


def refused(answer: Answer, why: str) -> None:
    """A reject that carries nothing, and whose reason is kept."""
    assert answer.code == "Access-Reject"
    assert not answer.told
    assert reason() == why


def test_the_tests_own_answer_is_the_one_of_the_standard() -> None:
    theirs = bytes.fromhex("5B5D7C7D7B3F2F3E3C2C602132262628")
    peers = bytes.fromhex("21402324255E262A28295F2B3A337C7E")
    key = bytes.fromhex("44EBBA8D5312B8D611474411F56989AE")  # of "clientPass"
    told = mschap.response("User", key, theirs, peers).hex().upper()
    assert told == "82309ECD8D708B5EA08FAA3981CD83544233114A3D85D6DF"


@pytest.mark.parametrize("how", ["pap", "chap", "mschap", "mschapv2"])
def test_alice_is_let_in_with_what_her_package_says(tower: Router, how: str) -> None:
    package = make_package(pool="pool-1", idle_seconds=600, session_seconds=86_400)
    make_login(package=package)
    answer = tower.login("alice@isp.example", PASSWORD, how)
    assert answer.accepted
    assert "Message-Authenticator" in answer.attributes
    assert ("MS-CHAP2-Success" in answer.attributes) == (how == "mschapv2")
    assert answer.told == {
        "Mikrotik-Rate-Limit": "5000k/10000k",
        "Framed-Pool": "pool-1",
        "Idle-Timeout": "600",
        "Session-Timeout": "86400",
        "Acct-Interim-Interval": "300",
    }
    kept = LoginAnswer.objects.get()
    assert (kept.username, kept.reply, kept.password, kept.reason) == (
        "alice@isp.example",
        "Access-Accept",
        "",
        "",
    )
    assert abs(kept.answered_at - timezone.now()) < timedelta(minutes=1)
    assert not tower.login("alice@isp.example", "wrong", how).accepted
    assert reason() == "Wrong password"


def test_a_burst_a_fixed_address_and_the_time_left_are_told(tower: Router) -> None:
    package = make_package(burst_down_kbit=20_000, burst_seconds=30, pool="pool-1", session_seconds=86_400)
    make_login(
        package=package, static_ip="100.64.9.9", prepaid=True, expires_at=timezone.now() + timedelta(hours=1)
    )
    told = tower.login("alice@isp.example", PASSWORD).told
    assert told["Mikrotik-Rate-Limit"] == "5000k/10000k 5000k/20000k 3750k/7500k 30/30"
    assert told["Framed-IP-Address"] == "100.64.9.9"
    assert "Framed-Pool" not in told
    assert 3500 < int(told["Session-Timeout"]) <= 3600


def test_any_plain_password_is_taken_as_it_is(tower: Router) -> None:
    alice = make_login()
    for password in ("a\\b\"c'd", "%{User-Name}", "two words", "0x6162", "'half", "{clear}text", "#a,b;"):
        radius_secrets.set_password(account_id=alice.pk, password=password, actor=None)
        assert tower.login("alice@isp.example", password).accepted


def test_another_make_is_told_its_own_attributes_and_interval(router: Callable[..., Router]) -> None:
    standard = VendorTemplate.objects.get(slug="standard")
    hotel = router("Hotel", "127.0.0.3", vendor=standard, interim_seconds=600)
    make_login()
    assert hotel.login("alice@isp.example", PASSWORD).told == {
        "WISPr-Bandwidth-Max-Up": "5000000",
        "WISPr-Bandwidth-Max-Down": "10000000",
        "Acct-Interim-Interval": "600",
    }
    standard.attributes.filter(attribute="WISPr-Bandwidth-Max-Up").delete()
    standard.attributes.create(attribute="Filter-Id", value="{package}[ pool {pool}]")
    standard.attributes.create(attribute="Framed-Route", value="10.0.0.0/8 {pool}")
    assert hotel.login("alice@isp.example", PASSWORD).told == {
        "WISPr-Bandwidth-Max-Down": "10000000",
        "Filter-Id": "10Mb/s Uncapped",
        "Acct-Interim-Interval": "600",
    }


def test_who_is_not_known_or_has_no_password_is_refused(tower: Router) -> None:
    make_account(make_customer("Bob Bee", code="BOB001"), "bob@isp.example")
    refused(tower.login("nobody@isp.example", PASSWORD), "Unknown user name")
    refused(tower.login("x' OR 'a'='a", PASSWORD), "Unknown user name")
    refused(tower.login("bob@isp.example", ""), "No password set")


def test_each_change_is_in_the_very_next_answer(tower: Router) -> None:
    """Waiting, active, suspended, restored, expired, extended, capped, topped up, cancelled."""
    blocking = make_package("Blocks", allowance=10**9, when_capped="block")
    alice = make_login(state="waiting", package=blocking)

    def log_in() -> Answer:
        return tower.login("alice@isp.example", PASSWORD)

    refused(log_in(), "Not active yet")
    become(alice, state="active")
    assert log_in().accepted
    become(alice, state="suspended")
    refused(log_in(), "Suspended")
    become(alice, state="active", expires_at=timezone.now() - timedelta(seconds=1))
    refused(log_in(), "Expired")
    become(alice, expires_at=timezone.now() + timedelta(days=1))
    assert log_in().accepted
    become(alice, capped_at=timezone.now())
    refused(log_in(), "Capped")
    become(alice, capped_at=None)
    assert log_in().accepted
    radius_secrets.set_password(account_id=alice.pk, password="looking-glass", actor=None)
    refused(log_in(), "Wrong password")
    assert tower.login("alice@isp.example", "looking-glass").accepted
    become(alice, state="cancelled", ends_on=alice.starts_on)
    refused(tower.login("alice@isp.example", "looking-glass"), "Cancelled")


def test_a_suspended_account_in_the_walled_garden_gets_only_that(tower: Router) -> None:
    NetworkRules.objects.update(suspended="garden")
    alice = make_login(state="suspended", package=make_package(pool="pool-1"))
    answer = tower.login("alice@isp.example", PASSWORD)
    assert answer.accepted
    assert answer.told == {
        "Mikrotik-Rate-Limit": "64k/64k",
        "Mikrotik-Address-List": "suspended",
        "Framed-Pool": "pool-1",
        "Acct-Interim-Interval": "300",
    }
    refused(tower.login("alice@isp.example", "wrong"), "Wrong password")
    become(alice, state="active")
    assert tower.login("alice@isp.example", PASSWORD).told["Mikrotik-Rate-Limit"] == "5000k/10000k"


def test_a_capped_account_has_the_service_once_capped_until_it_is_topped_up(tower: Router) -> None:
    slow: Package = make_package("Slow", down_kbit=512, up_kbit=256, pool="slow")
    alice = make_login(package=make_package("10 GB", allowance=10**10, once_capped=slow))
    assert tower.login("alice@isp.example", PASSWORD).told["Mikrotik-Rate-Limit"] == "5000k/10000k"
    become(alice, capped_at=timezone.now())
    told = tower.login("alice@isp.example", PASSWORD).told
    assert (told["Mikrotik-Rate-Limit"], told["Framed-Pool"]) == ("256k/512k", "slow")
    become(alice, capped_at=None)
    assert tower.login("alice@isp.example", PASSWORD).told["Mikrotik-Rate-Limit"] == "5000k/10000k"


def test_the_first_device_becomes_known_and_others_wait_for_a_yes(tower: Router) -> None:
    alice = make_login(package=make_package(mac_lock=True))
    assert tower.login("alice@isp.example", PASSWORD, mac="80-2a-a8-24-e8-61").accepted
    first = Device.objects.get(account=alice)
    assert (first.mac, first.state) == (MAC, "authorised")
    refused(tower.login("alice@isp.example", PASSWORD, mac=OTHER), "Device not known")
    other = Device.objects.get(account=alice, mac=OTHER)
    assert other.state == "seen"
    assert tower.login("alice@isp.example", PASSWORD).accepted
    Device.objects.filter(pk=other.pk).update(state="authorised")
    assert tower.login("alice@isp.example", PASSWORD, mac=OTHER).accepted
    Device.objects.filter(pk=first.pk).update(state="blocked")
    refused(tower.login("alice@isp.example", PASSWORD), "Device blocked")


def test_without_the_lock_a_device_is_only_noted_and_a_blocked_one_refused(tower: Router) -> None:
    alice = make_login()
    assert tower.login("alice@isp.example", PASSWORD).accepted
    assert tower.login("alice@isp.example", PASSWORD, mac="hotspot-1").accepted
    device = Device.objects.get(account=alice)
    assert (device.mac, device.state) == (MAC, "seen")
    Device.objects.update(state="blocked")
    refused(tower.login("alice@isp.example", PASSWORD), "Device blocked")
    assert tower.login("alice@isp.example", PASSWORD, mac=OTHER).accepted


def test_a_second_login_beyond_the_limit_is_refused_but_not_a_device_that_dials_again(tower: Router) -> None:
    alice = make_login()
    make_session(alice, Nas.objects.get())
    answer = tower.login("alice@isp.example", PASSWORD, mac=OTHER)
    assert answer.code == "Access-Reject"
    assert answer.told == {"Reply-Message": "Already logged in"}
    assert reason() == "Already logged in"
    assert tower.login("alice@isp.example", PASSWORD).accepted
    Package.objects.update(sessions=2)
    assert tower.login("alice@isp.example", PASSWORD, mac=OTHER).accepted
    Package.objects.update(sessions=1)
    Session.objects.update(stopped_at=timezone.now())
    assert tower.login("alice@isp.example", PASSWORD, mac=OTHER).accepted
