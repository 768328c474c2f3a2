"""The profile's cards of sessions and devices."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dataaccounts.models import Device, Sector, Session, SessionOrder, SignalReading
from herotill.reference.models import Highsite
from tests.factories import make_customer, make_person
from tests.factories.data import make_account, make_nas, make_session

pytestmark = pytest.mark.django_db
SEES = (
    "customers.view_customer",
    "dataaccounts.view_session",
    "dataaccounts.view_device",
    "dataaccounts.view_sessionorder",
    "dataaccounts.view_nas",
)
CARDS = "/customers/ALI001/widgets/"


@pytest.fixture
def alice():
    tower = Highsite.objects.create(name="Koppie")
    nas = make_nas(web_url="https://10.1.0.1/")
    north = Sector.objects.create(highsite=tower, name="North", nas=nas)
    account = make_account(make_customer("Alice Liddel", "ALI001"), highsite=tower, sector=north)
    SignalReading.objects.create(account=account, nas=nas, dbm=-63, read_at=timezone.now())
    make_session(account, nas, input_octets=2_000_000_000, output_octets=9_300_000_000)
    return account


def card(client, name, *rights):
    client.force_login(make_person(f"Person of {name}", *SEES, *rights))
    return client.get(f"{CARDS}{name}/").content.decode()


def test_a_card_says_who_is_online_and_over_what(alice, client):
    shown = card(client, "active-sessions", "dataaccounts.cut_session", "dataaccounts.ping_session")

    for what in ("Online", "100.64.0.10", "Tower 1", "North", "Koppie", "-63 dBm", "9.3 GB down, 2 GB up"):
        assert what in shown
    assert 'href="https://10.1.0.1/"' in shown
    assert "Disconnect" in shown
    assert "Ping" in shown


def test_what_waits_for_a_session_is_said_once_beside_it(alice, client):
    session = Session.objects.get()
    SessionOrder.objects.create(
        account=alice, unique_id=session.unique_id, kind="disconnect", why="Moved house", state="owed"
    )
    SessionOrder.objects.create(account=alice, unique_id="old", kind="change", why="Topped up", state="done")
    shown = card(client, "active-sessions")

    assert "Disconnect waits" in shown
    assert shown.count("Moved house") == 1
    assert "Topped up" in shown


def test_who_may_only_look_gets_no_buttons(alice, client):
    shown = card(client, "active-sessions")

    assert "Online" in shown
    assert "Disconnect" not in shown
    assert "Ping" not in shown


def test_who_is_offline_is_said_to_be_since_when(alice, client):
    Session.objects.update(stopped_at="2018-08-22T14:00Z")
    shown = card(client, "active-sessions")

    assert "Offline" in shown
    assert "2018-08-22 16:00" in shown


def test_a_router_that_counts_the_other_way_round_is_understood(alice, client):
    type(alice.sector.nas).objects.update(swap_directions=True)

    assert "2 GB down, 9.3 GB up" in card(client, "active-sessions")


def test_somebody_disconnects_a_session_and_sees_what_came_of_it(alice, client):
    session = Session.objects.get()
    johan = make_person("Johan", *SEES, "dataaccounts.cut_session")
    client.force_login(johan)
    url = f"{CARDS}active-sessions/disconnect/{session.pk}/"
    assert "Disconnect this session" in client.get(url).content.decode()
    client.post(url)

    order = SessionOrder.objects.get()
    assert (order.kind, order.ordered_by, order.account) == ("disconnect", johan, alice)
    assert "Disconnect waits" in client.get(f"{CARDS}active-sessions/").content.decode()
    SessionOrder.objects.update(state="silent", answer="No answer, 5 times.")
    assert "No answer, 5 times." in client.get(f"{CARDS}active-sessions/").content.decode()


def test_nobody_disconnects_without_the_right_or_another_customers_session(alice, client):
    bob = make_account(make_customer("Bob Dub", "BOB001"), "bob@isp.example")
    his = make_session(bob, alice.sector.nas, "81600077")
    mine = Session.objects.get(username=alice.username)
    client.force_login(make_person("Dora", *SEES))
    assert client.post(f"{CARDS}active-sessions/disconnect/{mine.pk}/").status_code == 403
    client.force_login(make_person("Johan", *SEES, "dataaccounts.cut_session"))

    assert client.post(f"{CARDS}active-sessions/disconnect/{his.pk}/").status_code == 404
    assert not SessionOrder.objects.exists()


def test_past_sessions_come_from_what_is_at_hand_and_from_the_archive(alice, client, django_db_blocker):
    Session.objects.update(stopped_at="2018-08-22T14:00Z", terminate_cause="User-Request")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO radacct_archive SELECT * FROM radacct;"
            "UPDATE radacct_archive SET radacctid = radacctid + 1000, acctuniqueid = 'old',"
            " acctstarttime = '2017-01-01T10:00Z', acctstoptime = '2017-01-02T10:00Z', acctterminatecause = 'Lost-Carrier'"
        )
    shown = card(client, "previous-sessions")

    for what in ("User-Request", "Lost-Carrier", "2017-01-01 12:00", "9.3 GB", "80:2A:A8:24:E8:61"):
        assert what in shown


def test_cards_ask_a_few_questions_however_much_there_is(alice, client, django_assert_max_num_queries):
    nas = alice.sector.nas
    for number in range(30):
        account = make_account(alice.customer, f"alice{number}@isp.example")
        up = make_session(account, nas, f"9{number}", stopped_at=None)
        make_session(account, nas, f"8{number}", stopped_at=timezone.now())
        Device.objects.create(account=account, mac=f"00:0C:42:00:00:{number:02X}")
        SessionOrder.objects.create(account=account, unique_id=up.unique_id, kind="change", why="Capped")
    client.force_login(make_person("Johan", *SEES, "dataaccounts.cut_session"))
    client.get(f"{CARDS}active-sessions/")
    for name in ("active-sessions", "previous-sessions", "radius-devices"):
        with django_assert_max_num_queries(12):  # six of a card, and the frame's
            assert client.get(f"{CARDS}{name}/").status_code == 200


def test_devices_are_authorised_blocked_named_and_forgotten(alice, client):
    device = Device.objects.create(account=alice, mac="80:2A:A8:24:E8:61")
    rights = ("dataaccounts.add_device", "dataaccounts.change_device", "dataaccounts.delete_device")
    shown = card(client, "radius-devices", *rights)
    assert "80:2A:A8:24:E8:61" in shown
    assert "Not authorised" in shown

    url = f"{CARDS}radius-devices/"
    client.post(f"{url}authorise/{device.pk}/")
    device.refresh_from_db()
    assert device.state == "authorised"
    client.post(f"{url}name-it/{device.pk}/", {"text": "Router in the hall"})
    client.post(f"{url}block/{device.pk}/")
    device.refresh_from_db()
    assert (device.state, device.text) == ("blocked", "Router in the hall")
    assert SessionOrder.objects.get().why == "Its device was blocked"
    client.post(f"{url}forget/{device.pk}/")
    assert not Device.objects.exists()
    client.post(f"{url}add/", {"account": alice.pk, "mac": "00-0c-42.1f 65e9", "text": ""})
    assert Device.objects.get().mac == "00:0C:42:1F:65:E9"


def test_a_device_of_another_session_does_not_cut_this_one(alice, client):
    other = Device.objects.create(account=alice, mac="00:0C:42:1F:65:E9")
    card(client, "radius-devices", "dataaccounts.change_device")
    client.post(f"{CARDS}radius-devices/block/{other.pk}/")

    assert not SessionOrder.objects.exists()
    assert timedelta(0) <= timezone.now() - other.first_seen_at
