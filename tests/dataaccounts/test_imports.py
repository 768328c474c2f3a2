"""Packages, data accounts and old user names come in once, with a reason for each row that does not, and go back."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from dataaccounts.imports import ALL, account_import, package_import
from dataaccounts.models import AccountPrice, DataAccount, NetworkRules, Package, ServiceSpan, UsageName
from dataaccounts.policies.importing import read_size, read_speed
from herotill.errors import DomainError
from herotill.imports import asking, files
from herotill.imports.refusing import Refused
from herotill.models import AuditEvent, Import, ImportRow
from tests.factories import client_of, make_customer, make_person
from tests.factories.data import make_account, make_checked, make_nas, make_package, make_session
from tests.factories.products import make_product

pytestmark = pytest.mark.django_db
HEAD = "username,package,code,password,starts\n"


@pytest.fixture
def alice():
    return make_customer("Alice Liddel", "ALI001")


@pytest.fixture
def bring(tmp_path):
    def bring(kind, text, *options):
        file = tmp_path / f"{kind}.csv"
        file.write_text(text)
        said = StringIO()
        call_command("import_csv", kind, str(file), *options, stdout=said)
        return said.getvalue()

    return bring


def back(run=None):
    run = run or Import.objects.order_by("-pk").values_list("run_id", flat=True)[0]
    call_command("import_csv", "--roll-back", str(run), stdout=StringIO())


def outcomes():
    return [row.reason or row.outcome for row in ImportRow.objects.order_by("of_id", "line")]


def tables():
    found = {}
    with connection.cursor() as cursor:
        for table in ("package", "dataaccount", "servicespan", "accountprice", "usagename"):
            cursor.execute(f"SELECT * FROM dataaccounts_{table} ORDER BY id")
            found[table] = cursor.fetchall()
        cursor.execute("SELECT account_id, password FROM radius_password ORDER BY 1")
        found["passwords"] = cursor.fetchall()
    return found


@pytest.mark.parametrize(
    ("text", "kbit"),
    [
        ("10M", 10_000),
        ("10 Mb/s", 10_000),
        ("10240", 10_240),
        ("10240k", 10_240),
        ("2,5 Mbps", 2500),
        ("512 kb/s", 512),
        ("1G", 1_000_000),
        ("1 Gbit/s", 1_000_000),
        ("", None),
    ],
)
def test_speeds_are_read_as_people_and_routers_write_them(text, kbit):
    assert read_speed(text) == kbit


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        ("1 GB", 10**9),
        ("500MB", 5 * 10**8),
        ("1.5 TB", 15 * 10**11),
        ("20", 20 * 10**9),
        ("1073741824", 1073741824),
        ("1 GiB", 2**30),
        ("Uncapped", None),
        ("0", None),
    ],
)
def test_sizes_are_read_as_gb_of_a_thousand_megabytes(text, octets):
    assert read_size(text) == octets


@pytest.mark.parametrize("text", ["10", "fast", "-5M", "0M", "10X", "999999G"])
def test_what_is_no_speed_is_refused(text):
    with pytest.raises(Refused, match="bad_speed"):
        read_speed(text)


@given(st.text(max_size=12))
def test_any_text_is_a_speed_and_a_size_or_is_refused(text):
    for reader in (read_speed, read_size):
        try:
            found = reader(text)
        except Refused:
            continue
        assert found is None or found >= 1


def test_packages_come_with_their_service_once_capped_and_go_again(bring):
    make_product("UNC10", "454.00")
    before = tables()
    said = bring(
        "packages",
        "name,product,down,up,allowance,once_capped,staff\n"
        "Slow,UNC10,1M,512k,,,\n"
        "Home 10,unc10,10 Mb/s,5120,60 GB,Slow,\n"
        "home 10,UNC10,10M,5M,,,\n"
        "Helpdesk,,20M,20M,,,yes\n"
        "Nothing,,20M,20M,,,\n"
        "Other,NOPE,20M,20M,,,\n"
        "Early,UNC10,20M,20M,1 GB,Later,\n"
        "Half,UNC10,20M,20M,1 GB,,\n"
        "Odd,UNC10,fast,20M,,,\n",
    )
    assert "3 created" in said
    assert outcomes() == [
        "create",
        "create",
        "name_twice",
        "create",
        "no_product",
        "product_unknown",
        "once_capped_unknown",
        "no_once_capped",
        "bad_speed",
    ]
    home = Package.objects.get(name="Home 10")
    assert (home.down_kbit, home.up_kbit, home.allowance) == (10_000, 5120, 60 * 10**9)
    assert home.once_capped == Package.objects.get(name="Slow")
    bring("packages", "name,product,down,up\nSlow,UNC10,9M,9M\n")
    assert (outcomes()[-1], Package.objects.get(name="Slow").down_kbit) == ("already_there", 1000)
    back(Import.objects.order_by("pk").values_list("run_id", flat=True)[0])
    assert tables() == before


def test_a_package_that_somebody_has_by_now_stays(alice, bring):
    make_product("UNC10", "454.00")
    bring("packages", "name,product,down,up\nSlow,UNC10,1M,1M\nFast,UNC10,9M,9M\n")
    make_account(alice, package=Package.objects.get(name="Slow"))
    back()
    assert list(Package.objects.values_list("name", flat=True)) == ["Slow"]


def test_accounts_come_with_everything_they_have_and_can_be_taken_back(alice, bring):
    make_package("Home 10", price="454.00")
    before = tables()
    bring(
        "data-accounts",
        "username,package,code,password,price,static_ip,starts,bill_from\n"
        "Alice@ISP.example ,home 10,ali001,tea4two!,R 400.00,198.51.100.7,2018-03-26,2018-09-01\n",
    )
    account = DataAccount.objects.get()
    assert (account.username, account.customer, account.state) == ("alice@isp.example", alice, "waiting")
    assert str(account.static_ip) == "198.51.100.7"
    assert str(ServiceSpan.objects.get().bill_from) == "2018-09-01"
    assert AccountPrice.objects.get().amount == Decimal("400.00")
    assert tables()["passwords"] == [(account.pk, "tea4two!")]
    back()
    assert tables() == before


def test_rows_that_cannot_be_are_refused_each_with_its_reason(alice, bring):
    make_package("Home 10")
    make_package("Gone", retired=True)
    make_account(make_customer("Bob Hare", "BOB001"), "bob@isp.example", Package.objects.get(name="Home 10"))
    bring(
        "data-accounts",
        "username,package,code,prepaid,expires,static_ip,highsite,sector,state\n"
        "al ice,Home 10,ALI001,,,,,,\n"
        ",Home 10,ALI001,,,,,,\n"
        "a@isp.example,Nope,ALI001,,,,,,\n"
        "b@isp.example,Gone,ALI001,,,,,,\n"
        "c@isp.example,Home 10,NOBODY,,,,,,\n"
        "d@isp.example,Home 10,ALI001,,,,,,\n"
        "D@isp.example,Home 10,ALI001,,,,,,\n"
        "bob@isp.example,Home 10,ALI001,,,,,,\n"
        "bob@isp.example,Home 10,BOB001,,,,,,\n"
        "e@isp.example,Home 10,ALI001,no,2030-01-01,,,,\n"
        "f@isp.example,Home 10,ALI001,,,300.1.1.1,,,\n"
        "g@isp.example,Home 10,ALI001,,,,Nowhere,,\n"
        "h@isp.example,Home 10,ALI001,,,,,West,\n"
        "i@isp.example,Home 10,ALI001,,,,,,active\n",
    )
    assert outcomes() == [
        "bad_username",
        "no_username",
        "package_unknown",
        "package_retired",
        "customer_unknown",
        "create",
        "username_twice",
        "username_taken",
        "already_there",
        "expires_but_monthly",
        "bad_ip",
        "highsite_unknown",
        "sector_unknown",
        "not_checked",
    ]
    assert DataAccount.objects.filter(customer=alice).count() == 1


def test_who_is_checked_may_come_in_active_or_suspended(alice, bring):
    make_package("Home 10")
    make_checked(alice)
    bring(
        "data-accounts",
        "username,package,code,state\na@isp.example,Home 10,ALI001,active\nb@isp.example,Home 10,ALI001,suspended\n",
    )
    states = DataAccount.objects.order_by("username").values_list("state", flat=True)
    assert list(states) == ["active", "suspended"]


def test_a_second_import_adds_nothing_and_a_dry_run_writes_nothing(alice, bring):
    make_package("Home 10")
    NetworkRules.objects.update(checks_required=False)
    text = HEAD + "a@isp.example,Home 10,ALI001,x1y2z3,2018-01-01\n"
    before = tables()
    assert "1 to create" in bring("data-accounts", text, "--dry-run")
    assert tables() == before
    bring("data-accounts", text)
    made = tables()
    bring("data-accounts", text)
    assert tables() == made
    assert outcomes()[-1] == "already_there"


def test_an_import_that_dies_leaves_nothing(alice, bring, monkeypatch):
    make_package("Home 10")
    before = tables()

    def die(**_):
        raise RuntimeError("killed")

    monkeypatch.setattr("dataaccounts.services.account_making.radius_secrets.set_password", die)
    with pytest.raises(CommandError, match="met an error"):
        bring("data-accounts", HEAD + "a@isp.example,Home 10,ALI001,x1y2z3,2018-01-01\n")
    assert tables() == before


def test_an_account_that_was_used_stays(alice, bring):
    make_package("Home 10")
    rows = "a@isp.example,Home 10,ALI001,,2018-01-01\nb@isp.example,Home 10,ALI001,,2018-01-01\n"
    bring("data-accounts", HEAD + rows)
    make_session(DataAccount.objects.get(username="a@isp.example"), make_nas())
    back()
    assert list(DataAccount.objects.values_list("username", flat=True)) == ["a@isp.example"]


def test_s25_a_password_that_is_imported_is_nowhere_to_be_read(alice, bring):
    make_package("Home 10")
    bring(
        "data-accounts",
        HEAD
        + "a@isp.example,Home 10,ALI001,verysecret1,2018-01-01\n"
        + "b b,Home 10,ALI001,verysecret2,2018-01-01\n"
        + "c@isp.example,Home 10,ALI001,verysecret3,2018-01-01,askew,cells\n",
    )
    kept = str(list(ImportRow.objects.values_list("cells", "values", "after")))
    assert "verysecret" not in kept
    assert "••••" in kept
    assert "verysecret" not in str(list(AuditEvent.objects.values_list("old", "new")))


def test_s22_passwords_and_prices_ask_the_rights_of_their_screens():
    dora = make_person("Dora", "dataaccounts.import_dataaccounts")
    for column in ("password", "price", "state"):
        with pytest.raises(DomainError, match="may not import"):
            asking.check_columns(account_import, {"X": column}, dora)
    asking.check_columns(account_import, {"X": "username"}, dora)
    rights = ("import_dataaccounts", "change_dataaccount", "add_accountprice", "activate_dataaccount")
    mia = make_person("Mia", *(f"dataaccounts.{right}" for right in rights))
    asking.check_columns(account_import, {"X": "password", "Y": "price", "Z": "state"}, mia)
    with pytest.raises(DomainError):
        asking.check_columns(package_import, {}, make_person("Eve"))


def test_old_user_names_go_to_the_account_that_is_meant(alice, bring):
    account = make_account(alice)
    bob = make_customer("Bob Hare", "BOB001")
    make_account(bob, "bob@isp.example")
    make_account(bob, "bob.office@isp.example")
    before = tables()
    bring(
        "links",
        "code,username,account\n"
        "ALI001,alice-old,\nALI001,alice-old,\nBOB001,alice-old,\nBOB001,bob-old,\nBOB001,bob-old,bob@isp.example\n"
        "NOBODY,x,\nBOB001,y,z\nALI001,bob@isp.example,\n",
    )
    assert outcomes() == [
        "create",
        "already_there",
        "username_taken",
        "which_account",
        "create",
        "no_account",
        "account_unknown",
        "username_taken",
    ]
    assert UsageName.objects.get(username="alice-old").account == account
    back()
    assert tables() == before


def test_the_page_of_imports_is_for_who_may():
    dora = client_of(make_person("Dora", "dataaccounts.import_dataaccounts"))
    page = dora.get("/data-accounts/import/").content.decode()
    assert all(kind.title in page for kind in ALL)
    assert client_of(make_person("Eve")).get("/data-accounts/import/").status_code == 403


def test_s25_the_kept_file_shows_nobody_a_password(alice, bring, settings):
    canary = "CANARY-word-4417"
    make_package("Gold")
    before = Import.objects.count()
    bring("data-accounts", HEAD + f"alice@isp.example,Gold,ALI001,{canary},2018-08-01\n")
    batch = Import.objects.latest("pk")
    assert (Import.objects.count(), batch.state) == (before + 1, "applied")
    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM radius_password")
        assert cursor.fetchall() == [(canary,)]
        for table in ("house_import", "house_importrow", "house_run"):
            cursor.execute(f"SELECT it::text FROM {table} it")
            assert canary not in str(cursor.fetchall())
    with batch.file.open("rb") as file:
        kept = file.read()
    assert canary.encode() not in kept
    assert canary.encode() in files.opened(batch)
    old = settings.FIELD_ENCRYPTION_KEYS
    settings.FIELD_ENCRYPTION_KEYS = ["newer", *old]
    assert sum(files.renewals()) == 1
    settings.FIELD_ENCRYPTION_KEYS = ["newer"]
    assert canary.encode() in files.opened(Import.objects.get(pk=batch.pk))
