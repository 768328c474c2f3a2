"""The pages of sessions, log-ins and orders."""

import pytest
from django.db import connection
from django.utils import timezone

from dataaccounts.models import LoginAnswer, Sector, Session, SessionOrder
from dataaccounts.services import pinging
from herotill.errors import IntegrationError
from herotill.integrations.ping import Heard
from herotill.reference.models import Highsite
from tests.factories import make_customer, make_person
from tests.factories.data import make_account, make_nas, make_session

pytestmark = pytest.mark.django_db
SEES = (
    "customers.view_customer",
    "dataaccounts.view_session",
    "dataaccounts.view_loginanswer",
    "dataaccounts.view_sessionorder",
    "dataaccounts.view_nas",
)


@pytest.fixture
def alice():
    tower = Highsite.objects.create(name="Koppie")
    nas = make_nas()
    north = Sector.objects.create(highsite=tower, name="North", nas=nas)
    account = make_account(make_customer("Alice Liddel", "ALI001"), highsite=tower, sector=north)
    make_session(account, nas)
    return account


@pytest.fixture
def johan(client):
    person = make_person("Johan", *SEES, "dataaccounts.cut_session", "dataaccounts.ping_session")
    client.force_login(person)
    return person


def page(client, url):
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_who_is_online_is_listed_and_narrowed(alice, johan, client):
    bob = make_account(make_customer("Bob Dub", "BOB001"), "bob@isp.example")
    make_session(bob, make_nas("Tower 2", "10.1.0.2"), "81600002", ip="100.64.0.99")
    gone = make_session(alice, alice.sector.nas, "81600003", stopped_at=timezone.now())
    shown = page(client, "/data-accounts/sessions/")
    assert "alice@isp.example" in shown
    assert "Bob Dub" in shown
    assert "North" in shown
    assert gone.stopped_at is not None

    for narrowed in (
        f"nas={alice.sector.nas_id}",
        f"sector={alice.sector_id}",
        f"highsite={alice.highsite_id}",
        "customer=ali001",
        "q=alice",
        "q=100.64.0.10",
    ):
        shown = page(client, f"/data-accounts/sessions/?{narrowed}")
        assert "alice@isp.example" in shown, narrowed
        assert "bob@isp.example" not in shown, narrowed


def test_sessions_are_exported(alice, johan, client):
    page(client, "/data-accounts/sessions/")
    answer = client.post("/data-accounts/sessions/list/export/?format=csv", {"format": "csv"})
    told = b"".join(answer.streaming_content).decode()

    assert "alice@isp.example" in told
    assert "100.64.0.10" in told


def test_many_are_cut_after_a_look(alice, johan, client):
    ids = list(Session.objects.values_list("pk", flat=True))
    url = "/data-accounts/sessions/list/bulk/disconnect/"
    shown = client.get(url, {"ids": ids}).content.decode()
    assert "Equipment usually dials in again" in shown
    client.post(url, {"ids": ids, "_given": ""})
    client.post(url, {"ids": ids, "reason": "New tower", "_given": "1"})

    order = SessionOrder.objects.get()
    assert (order.why, order.ordered_by, order.state) == ("New tower", johan, "owed")


def test_why_was_my_customer_rejected(alice, johan, client):
    with connection.cursor() as cursor:
        for name, reply in (("alice@isp.example", "Access-Reject"), ("nobody", "Access-Reject")):
            cursor.execute("INSERT INTO radpostauth (username, reply) VALUES (%s, %s)", [name, reply])
    LoginAnswer.objects.filter(username="alice@isp.example").update(reason="Wrong password")
    shown = page(client, "/data-accounts/logins/")
    assert "Wrong password" in shown
    assert "Unknown user name" in shown

    shown = page(client, "/data-accounts/logins/?customer=ALI001&answer=Access-Reject")
    assert "Wrong password" in shown
    assert "nobody" not in shown


def test_orders_are_listed_and_tried_again(alice, johan, client):
    session = Session.objects.get()
    order = SessionOrder.objects.create(
        account=alice,
        unique_id=session.unique_id,
        nas=alice.sector.nas,
        kind="disconnect",
        why="Suspended",
        state="silent",
        answer="No answer, 5 times.",
    )
    shown = page(client, "/data-accounts/orders/?state=silent")
    assert "No answer, 5 times." in shown
    assert "No answer, 5 times." in page(client, f"/data-accounts/orders/{order.pk}/")

    client.post(f"/data-accounts/orders/{order.pk}/")
    assert SessionOrder.objects.filter(state="owed", why="Suspended", ordered_by=johan).count() == 1
    Session.objects.update(stopped_at=timezone.now())
    again = client.post(f"/data-accounts/orders/{order.pk}/")
    assert again.status_code == 422
    assert "has ended" in again.content.decode()


def test_past_sessions_are_paged_and_exported(alice, johan, client):
    Session.objects.update(stopped_at=timezone.now())
    for number in range(60):
        make_session(
            alice,
            alice.sector.nas,
            f"8{number}",
            stopped_at=timezone.now(),
            mac=f"AA:BB:CC:DD:EE:{number:02}",
        )
    shown = page(client, "/data-accounts/sessions/of/ALI001/")
    further = shown.partition('href="?before=')[2].partition('"')[0]
    rest = page(client, f"/data-accounts/sessions/of/ALI001/?before={further}")

    assert shown.count("<tr>") + rest.count("<tr>") == 61 + 2
    macs = [f"AA:BB:CC:DD:EE:{number:02}" for number in range(60)]
    assert [mac for mac in macs if (mac in shown) == (mac in rest)] == []
    told = client.get("/data-accounts/sessions/of/ALI001/?format=csv")
    assert b"".join(told.streaming_content).decode().count("\n") == 62
    for nowhere in ("nonsense", "2018-01-01T00:00:00%2B16:15,1"):
        assert macs[59] in page(client, f"/data-accounts/sessions/of/ALI001/?before={nowhere}")


def test_a_session_is_pinged(alice, johan, client, monkeypatch):
    asked = []

    class Way:
        def ping(self, address):
            asked.append(address)
            return Heard(address, 4, 3, 1.2, 2.5, 4.0)

    monkeypatch.setattr(pinging, "way", Way)
    url = f"/data-accounts/sessions/{Session.objects.get().pk}/ping/"
    assert "Four requests go" in page(client, url)
    assert asked == []
    assert "3 of 4 came back" in client.post(url).content.decode()
    assert asked == ["100.64.0.10"]


def test_a_server_that_may_not_ping_says_so(alice, johan, client, monkeypatch):
    class Way:
        def ping(self, address):
            raise IntegrationError("This server may not ping.", retry=False)

    monkeypatch.setattr(pinging, "way", Way)
    shown = client.post(f"/data-accounts/sessions/{Session.objects.get().pk}/ping/").content.decode()

    assert "This server may not ping." in shown


def test_nobody_without_the_right_sees_or_pings(alice, client):
    client.force_login(make_person("Dora", "customers.view_customer"))
    pk = Session.objects.get().pk
    for url in ("sessions/", "logins/", "orders/", f"sessions/{pk}/ping/", "sessions/of/ALI001/"):
        assert client.get(f"/data-accounts/{url}").status_code == 403
