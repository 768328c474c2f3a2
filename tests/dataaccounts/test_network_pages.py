"""The pages of the network, and routers, sectors and makes in Setup."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from dataaccounts.models import Nas, Sector, SessionOrder, SignalReading, VendorAttribute, VendorTemplate
from dataaccounts.services import radius_secrets
from herotill.models import SecretReveal
from herotill.reference.models import Highsite
from tests.factories import make_customer, make_person
from tests.factories.data import make_account, make_nas, make_session

pytestmark = pytest.mark.django_db
SEES = (
    "dataaccounts.view_nas",
    "dataaccounts.view_sector",
    "dataaccounts.view_session",
    "dataaccounts.view_sessionorder",
    "dataaccounts.view_vendortemplate",
)
CHANGES = (
    "dataaccounts.add_nas",
    "dataaccounts.change_nas",
    "dataaccounts.change_vendortemplate",
)


@pytest.fixture
def tower():
    place = Highsite.objects.create(name="Koppie", town="Worcester")
    nas = make_nas(highsite=place)
    north = Sector.objects.create(highsite=place, name="North", nas=nas)
    alice = make_account(make_customer("Alice Liddel", "ALI001"), highsite=place, sector=north)
    up = make_session(alice, nas, output_octets=9_300_000_000)
    SignalReading.objects.create(account=alice, nas=nas, dbm=-86, read_at=timezone.now())
    SessionOrder.objects.create(account=alice, unique_id=up.unique_id, nas=nas, kind="change", why="Capped")
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        for ago, sector, octets in ((0, north.pk, 4 * 10**9), (1, 0, 10**9), (30, north.pk, 7 * 10**9)):
            cursor.execute(
                "INSERT INTO dataaccounts_loadhour VALUES (%s, %s, %s, %s, %s)",
                [nas.address, sector, hour - timedelta(hours=ago), octets, 10**6],
            )
    return nas


@pytest.fixture
def johan(client):
    person = make_person("Johan", "customers.view_customer", *SEES, *CHANGES)
    client.force_login(person)
    return person


def page(client, url):
    answer = client.get(f"/data-accounts/network/{url}")
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_a_routers_page_says_who_is_on_what_goes_over_it_and_what_is_owed(tower, johan, client):
    shown = page(client, f"nas/{tower.pk}/")

    for what in ("10.1.0.1", "Koppie", "North", "alice@isp.example", "Alice Liddel", "-86 dBm", "9.3 GB"):
        assert what in shown
    assert "Download" in shown
    assert "4 GB" in shown
    assert "7 GB" not in shown  # longer than a day ago
    assert f"/data-accounts/orders/?nas={tower.pk}&amp;state=owed" in shown
    assert "no secret yet" in shown


def test_a_highsite_and_a_sector_have_pages_too(tower, johan, client):
    north = Sector.objects.get()
    site, sector = page(client, f"highsites/{tower.highsite_id}/"), page(client, f"sectors/{north.pk}/")
    for shown in (site, sector):
        assert "alice@isp.example" in shown
        assert "4 GB" in shown
    assert "1 GB" in site
    assert "1 GB" not in sector  # what went over the router outside of any sector
    assert "Tower 1" in page(client, "")
    assert "Worcester" in page(client, "")


def test_many_routers_and_highsites_are_shown_page_by_page(tower, johan, client):
    for number in range(51):
        place = Highsite.objects.create(name=f"Hill {number:02}")
        make_nas(f"Hill {number:02} core", f"10.2.0.{number + 1}", highsite=place)
    first, second = page(client, ""), page(client, "?routers=2&highsites=2")

    assert "52 routers" in first
    assert ("Hill 00 core" in first, "Tower 1" in first, "1 to 50 of 52" in first) == (True, False, True)
    assert 'href="?routers=2&amp;highsites=1" rel="next"' in first
    assert ("Hill 00 core" in second, "Tower 1" in second, "Worcester" in second) == (False, True, True)
    assert page(client, "?routers=nonsense").count("Hill 00 core") == 1


def test_a_routers_page_asks_as_much_with_ten_times_as_many(
    tower, johan, client, django_assert_max_num_queries
):
    for number in range(40):
        account = make_account(make_customer(f"Client {number}"), f"c{number}@isp.example")
        make_session(account, tower, f"9{number}")
    page(client, f"nas/{tower.pk}/")
    with django_assert_max_num_queries(24):
        page(client, f"nas/{tower.pk}/")


def test_the_commands_to_paste_name_our_server_and_no_secret(tower, johan, client, settings):
    settings.RADIUS_ADDRESS = "10.0.0.5"
    radius_secrets.set_secret(nas_id=tower.pk, secret="tower-one-secret", actor=johan)
    shown = page(client, f"nas/{tower.pk}/")

    assert "/radius add service=ppp,hotspot address=10.0.0.5" in shown
    assert "/radius incoming set accept=yes port=3799" in shown
    assert "interim-update=300s" in shown
    assert "tower-one-secret" not in shown


@pytest.mark.django_db(transaction=True)
def test_a_secret_is_made_shown_once_and_then_only_on_record(client):
    nas, johan = make_nas(), make_person("Johan", *SEES, *CHANGES)
    client.force_login(johan)
    url = f"/data-accounts/network/nas/{nas.pk}/secret/"
    made = client.post(f"{url}new/").content.decode()
    secret = made.partition('id="nas-secret-text">')[2].partition("<")[0]
    assert len(secret) == 32

    assert secret not in client.get(url).content.decode()
    refused = client.post(url, {"reason": " "})
    assert (refused.status_code, secret in refused.content.decode()) == (422, False)
    assert secret in client.post(url, {"reason": "Router replaced"}).content.decode()
    assert SecretReveal.objects.get().reason == "Router replaced"


@pytest.mark.django_db(transaction=True)
def test_a_new_router_has_a_random_secret_that_its_page_shows_on_record(client):
    johan = make_person("Johan", *SEES, *CHANGES)
    client.force_login(johan)
    first = make_nas()
    for number in (2, 3):
        client.post("/setup/nas/new/", _fields(first, name=f"Tower {number}", address=f"10.1.0.{number}"))
    secrets = set()
    for nas in Nas.objects.exclude(pk=first.pk):
        shown = page(client, f"nas/{nas.pk}/")
        assert "Show secret" in shown
        assert "no secret yet" not in shown
        told = client.post(f"/data-accounts/network/nas/{nas.pk}/secret/", {"reason": "New router"})
        secrets.add(told.content.decode().partition('id="nas-secret-text">')[2].partition("<")[0])
    assert {len(one) for one in secrets} == {32}
    assert len(secrets) == 2


def test_a_router_that_is_changed_keeps_its_secret(tower, johan, client):
    radius_secrets.set_secret(nas_id=tower.pk, secret="tower-one-secret", actor=johan)
    client.post(f"/setup/nas/{tower.pk}/", _fields(tower, name="Tower One"))
    assert radius_secrets.secret_for_packets(tower.pk) == b"tower-one-secret"


def test_a_reason_that_no_database_keeps_is_refused_in_words(tower, johan, client):
    refused = client.post(f"/data-accounts/network/nas/{tower.pk}/secret/", {"reason": "mine\0"})
    assert refused.status_code == 422
    assert "Null characters are not allowed." in refused.content.decode()


def test_nobody_sees_a_secret_who_may_only_look(tower, client):
    client.force_login(make_person("Dora", *SEES))

    assert client.post(f"/data-accounts/network/nas/{tower.pk}/secret/", {"reason": "x"}).status_code == 403
    assert client.post(f"/data-accounts/network/nas/{tower.pk}/secret/new/").status_code == 403
    assert "New secret" not in page(client, f"nas/{tower.pk}/")


def _fields(nas, **more):
    return {
        "name": nas.name,
        "address": nas.address,
        "vendor": nas.vendor_id,
        "coa_port": 3799,
        "coa_per_second": 50,
        "interim_seconds": 300,
        "require_message_authenticator": "on",
        "web_url": "",
        "api_port": 8728,
        "api_user": "herotill",
        "api_password": "",
        "snmp_community": "",
    } | more


def test_s20_a_router_that_moves_takes_no_password_along(tower, johan, client):
    tower.api_password, tower.snmp_community = "secret-of-the-api", "secret-community"
    tower.save()
    url = f"/setup/nas/{tower.pk}/"
    client.post(url, _fields(tower, name="Tower One"))
    tower.refresh_from_db()
    assert (tower.name, bool(tower.api_password), bool(tower.snmp_community)) == ("Tower One", True, True)

    client.post(url, _fields(tower, address="10.66.6.6"))
    tower.refresh_from_db()
    assert (tower.address, bool(tower.api_password), bool(tower.snmp_community)) == (
        "10.66.6.6",
        False,
        False,
    )


def test_s20_only_pages_of_the_web_are_links(tower, johan, client):
    refused = client.post(f"/setup/nas/{tower.pk}/", _fields(tower, web_url="javascript:alert(1)"))
    assert refused.status_code in (200, 422)
    client.post(f"/setup/nas/{tower.pk}/", _fields(tower, web_url="ftp://10.1.0.1/"))
    tower.refresh_from_db()
    assert tower.web_url == ""
    Nas.objects.update(web_url="javascript:alert(1)")

    assert "javascript:" not in client.get("/customers/ALI001/widgets/active-sessions/").content.decode()


def test_a_router_is_added_and_two_do_not_share_an_address(tower, johan, client):
    client.post("/setup/nas/new/", _fields(tower, name="Tower 2", address="10.1.0.2"))
    assert Nas.objects.filter(name="Tower 2", address="10.1.0.2").exists()

    again = client.post("/setup/nas/new/", _fields(tower, name="Tower 3"))
    assert "Another router has this address." in again.content.decode()


def test_what_a_make_is_told_is_changed_with_known_fields_only(tower, johan, client):
    make = VendorTemplate.objects.get(slug="mikrotik")
    assert "Mikrotik-Rate-Limit" in page(client, f"makes/{make.pk}/")
    url = f"/data-accounts/network/makes/{make.pk}/attributes/new/"
    told = {"answers": "service", "attribute": "Mikrotik-Group", "value": "{package}"}
    client.post(url, told)
    assert VendorAttribute.objects.filter(vendor=make, attribute="Mikrotik-Group").exists()
    assert "is told that attribute already" in client.post(url, told).content.decode()

    row = VendorAttribute.objects.get(attribute="Mikrotik-Group")
    change = f"/data-accounts/network/attributes/{row.pk}/"
    for value in ("{password}", "{package", "a'b"):
        with transaction.atomic():
            refused = client.post(change, told | {"value": value})
        assert refused.status_code == 422, value
    client.post(f"{change}delete/")
    assert not VendorAttribute.objects.filter(attribute="Mikrotik-Group").exists()
