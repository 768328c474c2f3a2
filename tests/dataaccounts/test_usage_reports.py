"""Who used most and where, from sums that follow the days, in a number of questions that does not grow."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from dataaccounts.models import Sector, UsageMonth
from dataaccounts.selectors import usage_reports
from dataaccounts.services import partitions, usage_months
from herotill.months import Month
from herotill.reference.models import Highsite
from tests.factories import client_of, make_customer, make_person
from tests.factories.data import GB, make_account, make_nas, make_package

pytestmark = pytest.mark.django_db
NOW = datetime(2018, 8, 22, 10, tzinfo=UTC)
AUGUST, JULY = Month(2018, 8), Month(2018, 7)
TOP, PLACES = "/data-accounts/reports/top-users/", "/data-accounts/reports/usage/"
PERIOD = "first=2018-07&last=2018-08"


def use(account, day, download, upload=0):
    partitions.make(partitions.DAYS, first=datetime(2018, 5, 1, tzinfo=UTC), last=NOW)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dataaccounts_usageday VALUES (%s, %s, %s, %s) ON CONFLICT (account_id, day) DO UPDATE"
            " SET download = excluded.download",
            [account.pk, day, download, upload],
        )


@pytest.fixture
def alice():
    """Two accounts at a tower; Bob has one elsewhere and uses most of it upward."""
    tower = Highsite.objects.create(name="Tower Parys 1")
    sector = Sector.objects.create(highsite=tower, name="North", nas=make_nas(highsite=tower))
    alice = make_customer("Alice Liddel", "ALI001")
    first = make_account(alice, highsite=tower, sector=sector)
    second = make_account(alice, "alice.office@isp.example", make_package("Business 50Mb/s"), highsite=tower)
    bobs = make_account(make_customer("Bob Hare", "BOB001"), "bob@isp.example")
    use(first, date(2018, 7, 31), 5 * GB)
    use(first, date(2018, 8, 1), 3 * GB, GB)
    use(second, date(2018, 8, 2), 4 * GB)
    use(bobs, date(2018, 8, 3), GB, 6 * GB)
    usage_months.count(now=NOW)
    return alice


def top(**asked):
    given = {"first": AUGUST, "last": AUGUST, "by": "account", "order": "total", "limit": 10} | asked
    return [one.username or one.code for one in usage_reports.top(**given)]


def test_months_are_summed_up_once_and_follow_what_comes_late(alice):
    assert usage_months.count(now=NOW) == 0
    account = alice.data_accounts.get(username="alice@isp.example")
    use(account, date(2018, 7, 30), 2 * GB)
    assert usage_months.count(now=NOW) == 1
    assert UsageMonth.objects.get(account=account, month=JULY.first).download == 7 * GB


def test_who_used_most_depends_on_what_is_asked(alice):
    assert top() == ["bob@isp.example", "alice@isp.example", "alice.office@isp.example"]
    assert top(order="download")[0] == "alice.office@isp.example"
    assert top(first=JULY)[0] == "alice@isp.example"
    assert top(by="customer") == ["ALI001", "BOB001"]
    assert top(by="customer", order="upload", limit=1) == ["BOB001"]
    assert top(first=JULY, last=JULY) == ["alice@isp.example"]


@pytest.mark.parametrize(
    ("by", "found"),
    [
        ("package", [("10Mb/s Uncapped", 16 * GB, 2), ("Business 50Mb/s", 4 * GB, 1)]),
        ("highsite", [("Tower Parys 1", 13 * GB, 2), ("", 7 * GB, 1)]),
        ("sector", [("", 11 * GB, 2), ("Tower Parys 1, North", 9 * GB, 1)]),
        ("nas", [("Tower 1", 13 * GB, 2), ("", 7 * GB, 1)]),
    ],
)
def test_usage_goes_where_accounts_stand(alice, by, found):
    places = usage_reports.by_place(first=JULY, last=AUGUST, by=by)
    assert [(one.name, one.total, one.accounts) for one in places] == found


def test_pages_show_charts_and_tables_and_hand_out_files(alice):
    mia = client_of(make_person("Mia", "dataaccounts.see_usage_reports"))
    page = mia.get(f"{TOP}?{PERIOD}&by=account&order=total").content.decode()
    assert 'class="chart"' in page
    assert page.index("alice@isp.example") < page.index("bob@isp.example")
    assert "9 GB" in page
    page = mia.get(f"{PLACES}?{PERIOD}&by=highsite").content.decode()
    assert "No highsite" in page
    assert "13 GB" in page
    file = mia.get(f"{TOP}?{PERIOD}&by=customer&order=total&format=csv").getvalue().decode()
    assert "ALI001" in file
    assert "13.000" in file
    assert mia.get(f"{PLACES}?{PERIOD}&by=nas&format=xlsx").getvalue()[:2] == b"PK"


def test_nonsense_is_said_and_shows_what_is_usual(alice):
    mia = client_of(make_person("Mia", "dataaccounts.see_usage_reports"))
    for query in ("first=2018-07&last=x&by=account&order=total", "first=2018-09&last=2018-08", "first="):
        assert mia.get(f"{TOP}?{query}").status_code == 200
    assert "two years" in mia.get(f"{PLACES}?first=2010-01&last=2018-08&by=nas").content.decode()


def test_who_may_not_see_reports_of_usage_sees_none(alice):
    eve = client_of(make_person("Eve"))
    assert [eve.get(url).status_code for url in (TOP, PLACES)] == [403, 403]
    assert "Top users" not in eve.get("/reports/").content.decode()
    mia = client_of(make_person("Mia", "dataaccounts.see_usage_reports"))
    assert "Top users" in mia.get("/reports/").content.decode()


@pytest.mark.parametrize("url", [f"{TOP}?{PERIOD}&by=account&order=total", f"{PLACES}?{PERIOD}&by=nas"])
def test_more_accounts_are_no_more_questions(alice, url, django_assert_max_num_queries):
    for number in range(8):
        account = make_account(alice, f"more{number}@isp.example")
        use(account, date(2018, 8, 4), GB)
    usage_months.count(now=NOW)
    mia = client_of(make_person("Mia", "dataaccounts.see_usage_reports"))
    mia.get(url)
    with django_assert_max_num_queries(9):
        assert mia.get(url).status_code == 200
