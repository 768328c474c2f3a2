"""The lists of accounts and packages, the global search, and what the list of customers gains."""

from datetime import UTC, datetime

import pytest

from dataaccounts.models import (
    DataAccount,
    NetworkRules,
    Package,
    SessionOrder,
    VendorAttribute,
    VendorTemplate,
)
from dataaccounts.services import packages
from herotill.errors import DomainError
from herotill.reference.models import Highsite
from herotill.search import find
from tests.factories import client_of, make_customer, make_person
from tests.factories.data import GB, make_account, make_nas, make_package, make_session
from tests.factories.people import in_role
from tests.factories.products import make_product

pytestmark = pytest.mark.django_db
NOW = datetime(2018, 8, 22, 12, tzinfo=UTC)


@pytest.fixture
def thabo():
    return client_of(in_role("Thabo", "manager"))


@pytest.fixture
def accounts():
    koppie = Highsite.objects.create(name="Koppie")
    alice = make_account(make_customer("Alice Liddel", "ALI001"), "alice", highsite=koppie)
    bob = make_account(make_customer("Bob Hatter", "BOB001"), "bob", prepaid=True)
    carol = make_account(make_customer("Carol Duck", "CAR001"), "carol", state="suspended")
    make_session(alice, make_nas())
    return alice, bob, carol


def names(client, query=""):
    page = client.get(f"/data-accounts/{query}").content.decode()
    return [name for name in ("alice", "bob", "carol") if f">{name}<" in page]


def test_the_list_of_accounts_finds_and_narrows(thabo, accounts):
    koppie, package = Highsite.objects.get().pk, Package.objects.get().pk
    assert names(thabo) == ["alice", "bob", "carol"]
    for query, found in (
        ("?q=al", ["alice"]),
        ("?q=BOB001", ["bob"]),
        ("?state=suspended", ["carol"]),
        ("?prepaid=true", ["bob"]),
        ("?online=true", ["alice"]),
        ("?online=false", ["bob", "carol"]),
        (f"?highsite={koppie}", ["alice"]),
        (f"?package={package}", ["alice", "bob", "carol"]),
        ("?expired=true", []),
        ("?capped=true", []),
    ):
        assert names(thabo, query) == found, query


def test_many_are_suspended_from_the_list_and_that_is_undone(thabo, accounts):
    alice, bob, carol = accounts
    chosen = {"ids": [alice.pk, bob.pk, carol.pk], "_given": "1", "reason": "Fraud"}
    look = thabo.get("/data-accounts/list/bulk/suspend/", chosen).content.decode()
    assert "2 data accounts</b> will change" in look
    assert "They go on being billed" in look
    thabo.post("/data-accounts/list/bulk/suspend/", chosen)
    assert DataAccount.objects.filter(state="suspended").count() == 3
    assert SessionOrder.objects.get().account == alice
    from herotill.models import BulkChange

    thabo.post(f"/data-accounts/list/undo/{BulkChange.objects.get().pk}/")
    assert set(DataAccount.objects.filter(state="suspended")) == {carol}


def test_dora_sees_no_list_and_sam_suspends_nobody(accounts):
    dora = client_of(make_person("Dora", "customers.view_customer"))
    sam = client_of(make_person("Sam", "dataaccounts.view_dataaccount"))
    assert dora.get("/data-accounts/").status_code == 403
    assert sam.get("/data-accounts/").status_code == 200
    assert sam.get("/data-accounts/list/bulk/suspend/").status_code == 403
    assert sam.get("/data-accounts/packages/").status_code == 403


def test_a_user_name_is_found_from_everywhere(accounts):
    sam = make_person("Sam", "dataaccounts.view_dataaccount")
    (group,) = [group for group in find(sam, "ali").groups if group.name == "dataaccount"]
    assert [hit.title for hit in group.hits] == ["alice"]
    dora = make_person("Dora", "customers.view_customer")
    assert [group.name for group in find(dora, "alice").groups] == ["customer"]
    sams = client_of(sam)
    assert sams.get(f"/data-accounts/accounts/{accounts[0].pk}/").url.startswith("/customers/ALI001/")


def test_the_list_of_customers_shows_user_names_and_narrows_by_them(thabo, accounts):
    page = thabo.get("/customers/").content.decode()
    assert '<td class="clip clip--s">alice</td>' in page
    only = thabo.get("/customers/?data_kind=prepaid").content.decode()
    assert ("Bob Hatter" in only, "Alice Liddel" in only) == (True, False)
    at = thabo.get(f"/customers/?data_highsite={Highsite.objects.get().pk}").content.decode()
    assert ("Bob Hatter" in at, "Alice Liddel" in at) == (False, True)


def test_pages_of_the_list_cost_the_same_however_many(thabo, accounts, django_assert_max_num_queries):
    thabo.get("/data-accounts/")
    with django_assert_max_num_queries(14):
        thabo.get("/data-accounts/")
    for number in range(30):
        make_account(make_customer(f"C {number}", f"CCC{number:03}"), f"c{number}")
    with django_assert_max_num_queries(14):
        thabo.get("/data-accounts/")


FORM = {
    "name": "20 Mb/s, 100 GB",
    "down_kbit": "20",
    "up_kbit": "2.5",
    "burst_seconds": "16",
    "allowance": "100",
    "counts": "both",
    "when_capped": "reduce",
    "sessions": "1",
}


def test_a_package_is_added_in_megabits_and_gigabytes(thabo):
    slow, product = make_package("Slow"), make_product("D20")
    no = thabo.post("/data-accounts/packages/new/", FORM | {"product": product.pk})
    assert (no.status_code, "Say with which service" in no.content.decode()) == (422, True)
    no = thabo.post("/data-accounts/packages/new/", FORM | {"once_capped": slow.pk})
    assert "only a package for staff has no product" in no.content.decode()
    thabo.post("/data-accounts/packages/new/", FORM | {"product": product.pk, "once_capped": slow.pk})
    made = Package.objects.get(name="20 Mb/s, 100 GB")
    assert (made.down_kbit, made.up_kbit, made.allowance) == (20_000, 2_500, 100 * GB)
    page = thabo.get("/data-accounts/packages/").content.decode()
    assert "20 Mb/s / 2.5 Mb/s" in page
    assert "100 GB" in page
    again = thabo.get(f"/data-accounts/packages/{made.pk}/").content.decode()
    assert 'value="2.5"' in again


def test_a_change_of_a_package_meets_everybody_who_has_it_and_says_so_before(thabo):
    package = make_package()
    account = make_account(make_customer("Alice Liddel"), package=package)
    make_session(account, make_nas())
    url = f"/data-accounts/packages/{package.pk}/"
    look = " ".join(thabo.get(url).content.decode().split())
    assert "1 data account has it." in look
    assert "1 session that is up is told" in look
    sent = FORM | {"name": package.name, "allowance": "", "product": package.product_id, "down_kbit": "50"}
    thabo.post(url, sent)
    package.refresh_from_db()
    assert (package.down_kbit, SessionOrder.objects.get().account) == (50_000, account)


def test_a_new_name_alone_tells_no_session():
    package = make_package()
    make_session(make_account(make_customer("Alice Liddel"), package=package), make_nas())
    assert packages.change(package=package, values={"name": "Ten"}, actor=None, now=NOW) == 0
    assert not SessionOrder.objects.exists()


def test_a_package_in_use_is_retired_and_not_deleted(thabo):
    package, unused = make_package(), make_package("Never sold")
    make_account(make_customer("Alice Liddel"), package=package)
    thabo.post(f"/data-accounts/packages/{package.pk}/retire/")
    package.refresh_from_db()
    assert package.retired
    with pytest.raises(DomainError, match="Accounts have it"):
        packages.delete(package=package, actor=None)
    thabo.post(f"/data-accounts/packages/{unused.pk}/delete/")
    assert Package.objects.get() == package


GARDEN = {
    "suspended": "garden",
    "archive_after_days": "40",
    "archive_kept_months": "60",
    "journal_kept_days": "14",
    "hours_kept_days": "14",
    "logins_kept_days": "35",
    "counters_kept_days": "400",
    "portal_changes": "at_once",
    "portal_password": "hidden",
}


def test_the_rules_are_kept_in_setup_by_who_may(thabo):
    form = GARDEN
    assert thabo.post("/data-accounts/rules/", form).status_code == 302
    rules = NetworkRules.objects.get()
    assert (rules.suspended, rules.checks_required, rules.archive_after_days) == ("garden", False, 40)
    assert (rules.portal_changes, rules.portal_password, rules.portal_on_account) == (
        "at_once",
        "hidden",
        False,
    )
    auditor = client_of(in_role("Auditor", "auditor"))
    assert auditor.get("/data-accounts/rules/").status_code == 200
    auditor.post("/data-accounts/rules/", form | {"suspended": "reject"})
    rules.refresh_from_db()
    assert rules.suspended == "garden"
    assert client_of(in_role("Johan", "support")).get("/data-accounts/rules/").status_code == 403


def test_no_garden_where_a_router_would_let_suspended_accounts_in_as_if_they_were_not(thabo):
    make = VendorTemplate.objects.create(name="Bare", slug="bare")
    bare = make_nas(vendor=make)
    refused = thabo.post("/data-accounts/rules/", GARDEN)
    assert refused.status_code == 422
    assert "Bare: routers of this make are told nothing" in refused.content.decode()
    row = VendorAttribute.objects.create(vendor=make, answers="suspended", attribute="Filter-Id", value="no")
    assert thabo.post("/data-accounts/rules/", GARDEN).status_code == 302

    thabo.post(f"/data-accounts/network/attributes/{row.pk}/delete/")
    asked = {"answers": "service", "attribute": "Filter-Id", "value": "no"}
    assert thabo.post(f"/data-accounts/network/attributes/{row.pk}/", asked).status_code == 422
    row.refresh_from_db()
    assert row.answers == "suspended"
    other = VendorTemplate.objects.create(name="Other", slug="other")
    values = {"name": bare.name, "address": bare.address, "coa_port": 3799, "coa_per_second": 50}
    answer = thabo.post(f"/setup/nas/{bare.pk}/", values | {"interim_seconds": 300, "vendor": other.pk})
    assert "Other is told nothing" in answer.content.decode()
    bare.refresh_from_db()
    assert bare.vendor == make
