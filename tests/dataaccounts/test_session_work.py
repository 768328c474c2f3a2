"""What is owed to sessions is carried out at the router: every answer, and what is told of it."""

from datetime import UTC, datetime, timedelta

import pytest

from dataaccounts.models import DataAccount, NasTurn, NetworkRules, Session, SessionOrder, VendorAttribute
from dataaccounts.policies.session_answers import BACK_OFF
from dataaccounts.services import radius_secrets, session_claims, session_orders, session_work
from herotill.integrations.radius.live import UdpControl
from herotill.integrations.radius.standin import CHANGE, NasStandIn
from tests.factories import make_customer
from tests.factories.data import make_account, make_nas, make_package, make_session

pytestmark = pytest.mark.django_db
NOW = datetime(2018, 8, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
SECRET = "tower-one-secret"


@pytest.fixture(autouse=True)
def _soon_silent(monkeypatch):
    monkeypatch.setattr(session_work, "control", lambda: UdpControl(waits=(0.1, 0.1)))


@pytest.fixture
def tower():
    with NasStandIn(SECRET.encode()) as found:
        yield found


def at(tower, name="Tower 1", **fields):
    nas = make_nas(name, tower.address, coa_port=tower.port, **fields)
    radius_secrets.set_secret(nas_id=nas.pk, secret=SECRET, actor=None)
    return nas


@pytest.fixture
def alice(tower):
    account = make_account(make_customer("Alice Liddel", "ALI001"))
    make_session(account, at(tower))
    return account


def owe(account, kind=None, now=NOW):
    session_orders.owe(account_ids=[account.pk], why="Capped", kind=kind, actor=None, now=now)


def order():
    return SessionOrder.objects.latest("id")


def test_a_capped_account_gets_the_speed_that_radius_would_answer_now(alice, tower):
    slow = make_package("Slow", down_kbit=1000, up_kbit=512)
    type(alice.package).objects.filter(pk=alice.package_id).update(once_capped=slow)
    DataAccount.objects.update(capped_at=NOW)
    owe(alice)

    assert session_work.carry_out(NOW) == "Done: 1"
    assert tower.changes()[0] | {} == {
        "User-Name": "alice@isp.example",
        "Acct-Session-Id": "81600001",
        "Framed-IP-Address": "100.64.0.10",
        "Mikrotik-Rate-Limit": "512k/1000k",
        "Message-Authenticator": tower.changes()[0]["Message-Authenticator"],
    }
    assert (order().state, order().answer) == ("done", "Changed: Mikrotik-Rate-Limit 512k/1000k.")
    assert order().ended_at is not None
    assert Session.objects.get().stopped_at is None  # the router says so itself


def test_a_suspended_account_is_cut(alice, tower):
    NetworkRules.objects.update(suspended="garden")
    DataAccount.objects.update(state="suspended", state_since=NOW)
    owe(alice)
    session_work.carry_out(NOW)

    assert (len(tower.cuts()), tower.changes()) == (1, [])
    assert (order().state, order().answer) == ("done", "Disconnected.")


def test_a_router_that_takes_no_change_cuts_instead(alice, tower):
    tower.refuse(401, only=CHANGE)
    owe(alice)
    session_work.carry_out(NOW)

    assert (len(tower.changes()), len(tower.cuts())) == (1, 1)
    assert (order().state, order().answer) == ("done", "Disconnected.")


def test_what_a_make_cannot_change_live_is_cut(alice, tower):
    vendor = alice.session_orders.model.nas.field.related_model.objects.get().vendor
    VendorAttribute.objects.create(vendor=vendor, attribute="Mikrotik-Group", value="{package}")
    owe(alice)
    session_work.carry_out(NOW)

    assert (len(tower.changes()), len(tower.cuts())) == (0, 1)


def test_a_refusal_says_why_in_words(alice, tower):
    tower.refuse(501)
    owe(alice, "disconnect")
    session_work.carry_out(NOW)
    assert (order().state, order().answer) == (
        "refused",
        "Refused: Forbidden by the router's administrator (501).",
    )

    tower.refuse(None)
    owe(alice, "disconnect")
    session_work.carry_out(LATER)
    assert order().answer == "Refused: no cause given."


def test_a_session_that_the_router_does_not_know_needs_nothing(alice, tower):
    tower.sessions = set()
    owe(alice)
    session_work.carry_out(NOW)

    assert (order().state, order().answer) == ("needless", "The router no longer has this session.")


def test_a_session_that_ended_meanwhile_is_not_asked_for(alice, tower):
    owe(alice)
    Session.objects.update(stopped_at=NOW)
    session_work.carry_out(NOW)

    assert (order().state, order().answer, tower.times) == ("needless", "The session had ended.", [])


def test_a_busy_router_is_asked_again_later(alice, tower):
    tower.refuse(506)
    owe(alice, "disconnect")
    session_work.carry_out(NOW)
    assert (order().state, order().tries) == ("owed", 1)
    assert order().answer == "Resources unavailable (506) so far."

    tower._refusals = {}
    assert session_work.carry_out(NOW + timedelta(seconds=5)) == ""
    assert session_work.carry_out(NOW + timedelta(minutes=3)) == "Done: 1"


@pytest.mark.parametrize("trouble", ["silent", "wrong secret"])
def test_silence_is_tried_again_later_and_later_and_then_said(alice, tower, trouble):
    if trouble == "silent":
        tower.silent = True
    else:
        tower.secret = b"another"
    owe(alice, "disconnect")
    now = NOW
    for wait in BACK_OFF:
        session_work.carry_out(now)
        assert (order().state, order().answer) == ("owed", "No answer so far.")
        now += wait + timedelta(seconds=30)
    session_work.carry_out(now)

    assert (order().state, order().answer) == ("silent", "No answer, 5 times.")
    assert tower.asked == []


def test_a_router_without_a_secret_or_unknown_to_us_is_not_spoken_to(alice, tower):
    other = make_nas("Other", "127.0.0.9", coa_port=tower.port)
    make_session(alice, other, "81600002")
    stranger = make_session(alice, other, "81600003")
    Session.objects.filter(pk=stranger.pk).update(nas_address="10.9.9.9")
    owe(alice, "disconnect")
    session_work.carry_out(NOW)

    told = dict(SessionOrder.objects.values_list("unique_id", "answer"))
    assert told == {
        "alice@isp.example/81600001": "Disconnected.",
        "alice@isp.example/81600002": "It could not be sent: the session or the router lacks what it needs.",
        "alice@isp.example/81600003": "No router of ours has the address 10.9.9.9.",
    }
    assert len(tower.asked) == 1


def test_what_was_owed_anew_while_the_router_was_asked_still_waits(alice):
    owe(alice)
    claim = session_claims.take(now=NOW)
    owe(alice, "disconnect", now=NOW + timedelta(seconds=1))
    told = session_claims.tell(
        verdicts=[(claim.orders[0], session_work.Verdict("done", "Changed."))], now=NOW
    )

    assert (told, order().state, order().kind) == (0, "owed", "disconnect")


def test_a_router_is_one_workers_until_its_turn_ends(alice):
    owe(alice)
    first, second = session_claims.take(now=NOW), session_claims.take(now=NOW)
    assert (len(first.orders), second.orders) == (1, [])
    session_claims.give_back(claim=first, now=NOW)
    assert NasTurn.objects.get().busy_until == NOW

    killed = session_claims.take(now=LATER)
    assert (killed.orders[0].id, killed.orders[0].tries) == (first.orders[0].id, 2)


def test_a_batch_of_many_is_claimed_in_a_few_questions(alice, django_assert_max_num_queries):
    nas = make_session(alice, make_nas("Far", "127.0.0.8"), "81600099")
    for number in range(40):
        make_session(alice, make_nas(f"Nas {number}", f"127.0.1.{number}"), f"8170{number:04}")
    owe(alice)
    with django_assert_max_num_queries(10):
        claim = session_claims.take(now=NOW)

    assert len(claim.orders) == 42
    assert nas.username in {one.username for one in claim.orders}


def test_people_do_not_wait_behind_a_batch(alice, tower):
    nas = session_work.Nas.objects.get()
    type(nas).objects.update(coa_per_second=1)
    for number in range(20):
        make_session(alice, nas, f"8170{number:04}")
    owe(alice)
    SessionOrder.objects.filter(unique_id__endswith="81700019").update(
        ordered_by=make_account(make_customer("Bob Dub", "BOB001"), "bob@isp.example").created_by
    )
    claim = session_claims.take(now=NOW)

    assert len(claim.orders) == session_claims.SECONDS_AT_ONCE
