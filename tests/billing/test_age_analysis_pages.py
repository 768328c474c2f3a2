"""The age analysis of one customer on the profile, and of everybody as a list."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.utils import timezone

from billing.models import AgedCustomer, AgedSum, AgeingPicture, DocumentKind
from billing.services import pictures
from herotill.models import Export
from tests.factories import make_customer, make_person
from tests.factories.billing import make_draft, make_invoice, make_receipt

pytestmark = pytest.mark.django_db
CARD = "/customers/ALI001/widgets/age-analysis/"
LIST = "/billing/age-analysis/"
SEES = ("customers.view_customer", "billing.view_document", "customers.see_customer_balance")
EVERYBODY = ("customers.view_customer", "billing.see_age_analysis", "customers.see_customer_balance")


def days_ago(days):
    return timezone.localdate() - timedelta(days=days)


@pytest.fixture
def alice():
    alice = make_customer("Alice Liddel", "ALI001")
    make_invoice(alice, "450.00", days_ago(65))
    make_receipt(alice, "450.00", days_ago(60))
    make_invoice(alice, "454.00", days_ago(35))
    make_invoice(alice, "100.00", days_ago(2))
    return alice


def looked_at(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def shown(client, address):
    """A page as a browser shows it, which has the ages worked out where the page asks for that."""
    page = looked_at(client, address)
    asks = re.search(r'method="post" action="([^"]*)" hx-post="[^"]*" hx-trigger="load', page)
    if not asks:
        return page
    assert client.post(unescape(asks[1]), headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    page = looked_at(client, address)
    assert "Work them out" not in page
    return page


def test_the_card_lists_documents_with_what_became_of_them(client, alice):
    make_receipt(alice, "54.00", days_ago(1))
    make_draft(alice, "77.00", days_ago(0))
    invoice = make_invoice(alice, "10.00", days_ago(1))
    make_invoice(alice, "10.00", days_ago(1), kind=DocumentKind.CREDIT_NOTE, against=invoice)
    client.force_login(make_person("Thabo", *SEES))
    page = shown(client, CARD)
    for said in (
        "INV00001",
        "Paid",
        "Part paid",
        "open R 400.00",
        "Draft",
        "R 77.00",
        "Credit note",
        "Credited",
    ):
        assert said in page
    assert 'Total due: <b class="num">R 500.00</b>' in page
    assert "Statement up to date as at 20" in page
    assert "<dt>30 Days</dt><dd>R 400.00</dd>" in page


def test_the_card_says_what_is_billed_ahead_and_so_in_no_age_yet(client, alice):
    client.force_login(make_person("Thabo", *SEES))
    assert "billed ahead" not in shown(client, CARD)
    make_invoice(alice, "454.00", days_ago(-9))
    page = shown(client, CARD)
    assert 'Total due: <b class="num">R 554.00</b>' in page
    assert f'R 454.00</b> more, dated from <span class="id">{days_ago(-9)}</span> on: billed ahead' in page
    client.force_login(make_person("Dora", "customers.view_customer", "billing.view_document"))
    assert "billed ahead" not in shown(client, CARD)


def test_the_card_shows_a_past_day(client, alice):
    client.force_login(make_person("Thabo", *SEES))
    page = shown(client, f"{CARD}?as_at={days_ago(62)}")
    assert "INV00001" in page
    assert "INV00002" not in page
    assert "<dt>Current</dt><dd>R 450.00</dd>" in page
    assert "as known now" in page
    assert "INV00002" in shown(client, f"{CARD}?as_at=nonsense")


def test_without_the_right_to_balances_none_is_shown(client, alice):
    client.force_login(make_person("Dora", *SEES[:2]))
    page = shown(client, CARD)
    assert "INV00002" in page
    assert "Total due" not in page
    assert "Days+" not in page
    assert "View statement" not in page
    client.force_login(make_person("Eve", "customers.view_customer"))
    assert client.get(CARD).status_code == 403


def test_the_rows_offer_what_may_be_done(client, alice):
    make_draft(alice, "77.00", days_ago(0))
    client.force_login(
        make_person(
            "Thabo", *SEES, "billing.issue_credit_notes", "billing.change_document", "billing.delete_document",
            "outbox.send_again", "billing.send_statements",
        )
    )  # fmt: skip
    page = shown(client, CARD)
    for said in (
        "Change the draft",
        "Delete the draft",
        "Credit INV00001",
        "Download INV00001",
        "Send INV00001 again",
    ):
        assert said in page
    assert "Email statement" in page
    client.force_login(make_person("Dora", *SEES))
    page = shown(client, CARD)
    for said in ("Change the draft", "Credit INV00001", "Send INV00001 again", "Email statement"):
        assert said not in page


def test_the_card_asks_no_more_with_ten_times_as_much(client, alice, django_assert_max_num_queries, rf):
    from billing.widgets.age_analysis import AgeAnalysis

    thabo = make_person("Thabo", *SEES)
    request = rf.get(CARD)
    thabo.has_perm("customers.see_customer_balance")
    with django_assert_max_num_queries(6):
        AgeAnalysis(customer=alice, user=thabo, request=request).context()
    for number in range(30):
        make_invoice(alice, "10.00", days_ago(number * 9))
        make_receipt(alice, "7.00", days_ago(number * 8))
    with django_assert_max_num_queries(6):
        context = AgeAnalysis(customer=alice, user=thabo, request=request).context()
    assert context["owed"].more
    assert (
        len(
            AgeAnalysis(customer=alice, user=thabo, request=rf.get(f"{CARD}?shown=all"))
            .context()["owed"]
            .rows
        )
        == 33
    )


def test_everybody_is_listed_with_totals_and_sorted_by_any_bucket(client, alice):
    bob = make_customer("Bob Hatter", "BOB001")
    make_invoice(bob, "1000.00", days_ago(130))
    carol = make_customer("Carol White", "CAR001")
    make_receipt(carol, "5.00", days_ago(3))
    make_customer("Nobody Owes", "NOB001")
    client.force_login(make_person("Thabo", *EVERYBODY))
    page = shown(client, f"{LIST}?sort=-days120")
    assert page.index("BOB001") < page.index("ALI001")
    assert "NOB001" not in page
    assert "-R 5.00" in page
    assert "<dt>Total due</dt><dd>R 1,549.00</dd>" in page
    assert "CAR001" not in shown(client, f"{LIST}?total_min=1")
    assert "ALI001" not in shown(client, f"{LIST}?owing=days120")
    past = shown(client, f"{LIST}?as_at={days_ago(70)}&way=months-document")
    assert "ALI001" not in past
    assert "BOB001" in past
    assert "by calendar months" in past
    assert "ALI001" in shown(client, f"{LIST}?q=lid")
    client.force_login(make_person("Dora", "customers.view_customer"))
    assert client.get(LIST).status_code == 403


def test_looking_at_a_past_day_writes_nothing_until_its_ages_are_asked_for(client, alice):
    client.force_login(make_person("Thabo", *EVERYBODY, "billing.see_reports"))
    for address in (f"{LIST}?as_at={days_ago(70)}", f"/reports/debtors/?as_at={days_ago(20)}"):
        page = looked_at(client, address)
        assert "The ages of that day are being worked out." in page
        assert "ALI001" not in page
        assert not AgeingPicture.objects.exists()
    assert client.post(f"{LIST}ages/?as_at={days_ago(20)}").status_code == 302
    assert "ALI001" in looked_at(client, f"/reports/debtors/?as_at={days_ago(20)}")
    page = looked_at(client, f"{LIST}?as_at={days_ago(20)}")
    assert "ALI001" in page
    assert "Work them out" not in page
    AgeingPicture.objects.update(made_at=timezone.now() - timedelta(minutes=1))
    make_receipt(alice, "5.00", days_ago(30))
    assert "Something was posted since" in looked_at(client, f"{LIST}?as_at={days_ago(20)}")
    client.force_login(make_person("Dora", "customers.view_customer"))
    assert client.post(f"{LIST}ages/").status_code == 403
    assert client.post("/reports/debtors/").status_code == 403


def test_a_file_of_the_list_never_waits_for_a_picture(client, alice):
    client.force_login(make_person("Thabo", *EVERYBODY))
    answer = client.post(f"{LIST}list/export/?as_at={days_ago(0)}", {"format": "csv"})
    assert b"ALI001" in b"".join(answer.streaming_content)


def test_a_picture_stands_while_nothing_changes(client, alice, django_assert_max_num_queries):
    from billing.selectors.ageing import Way

    now, way = timezone.now(), Way()
    first = pictures.of(as_at=days_ago(0), counted=way, now=now)
    assert AgedCustomer.objects.get(customer=alice).total == Decimal("554.00")
    with django_assert_max_num_queries(2):
        assert pictures.of(as_at=days_ago(0), counted=way, now=now + timedelta(minutes=2)).made_at == now
    make_receipt(alice, "554.00", days_ago(0))
    again = pictures.of(as_at=days_ago(0), counted=way, now=now + timedelta(minutes=2))
    assert again.pk == first.pk
    assert not AgedCustomer.objects.filter(customer=alice).exists()
    assert pictures.clear(now + timedelta(hours=1)) == "Forgot 1."
    assert not AgedCustomer.objects.exists()


def test_a_picture_that_took_long_is_renewed_by_the_job_and_not_by_who_looks(alice):
    from billing.selectors.ageing import Way

    now, day = timezone.now(), days_ago(0)
    assert pictures.renew(now).startswith(f"Made {day}")
    assert pictures.renew(now + timedelta(minutes=5)) == ""
    AgeingPicture.objects.update(took=3)
    make_receipt(alice, "54.00", day)
    later = now + timedelta(minutes=6)
    assert pictures.of(as_at=day, counted=Way(), now=later).made_at == now
    assert AgedCustomer.objects.get(customer=alice).total == Decimal("554.00")
    assert pictures.renew(later).startswith("Made")
    assert AgedCustomer.objects.get(customer=alice).total == Decimal("500.00")
    assert AgedSum.objects.get().total == Decimal("500.00")


def test_totals_are_those_of_what_is_listed(client, alice):
    """Told by the sums of the picture or counted from the rows, by what was asked."""
    bob = make_customer("Bob Hatter", "BOB001", status="suspended")
    make_invoice(bob, "11.00", days_ago(40))
    client.force_login(make_person("Thabo", *EVERYBODY))
    for asked, total in (
        ("all=1", "565.00"),
        ("status=suspended", "11.00"),
        ("status=suspended&status=active", "565.00"),
        ("owing=current", "554.00"),
        ("total_max=20", "11.00"),
        ("q=hatter", "11.00"),
        ("status=cancelled", "0.00"),
    ):
        assert f"<dt>Total due</dt><dd>R {total}</dd>" in shown(client, f"{LIST}?{asked}"), asked


def test_the_list_is_taken_away_as_a_file_and_that_is_on_record(client, alice):
    client.force_login(make_person("Thabo", *EVERYBODY))
    shown(client, f"{LIST}?all=1")
    answer = client.post("/billing/age-analysis/list/export/?all=1", {"format": "csv"})
    assert answer.status_code == 200
    assert (
        "ALI001,Alice Liddel,0.00,0.00,0.00,454.00,100.00,554.00"
        in b"".join(answer.streaming_content).decode()
    )
    assert Export.objects.get().list_name == "age-analysis"


def test_the_first_page_asks_the_same_of_ten_times_as_many(client, alice, django_assert_max_num_queries):
    client.force_login(make_person("Thabo", *EVERYBODY))
    shown(client, f"{LIST}?all=1")
    with django_assert_max_num_queries(22):
        shown(client, f"{LIST}?all=1")
    for number in range(10):
        make_invoice(make_customer(f"Client {number}"), "10.00", days_ago(number))
    shown(client, f"{LIST}?all=1")
    with django_assert_max_num_queries(22):
        shown(client, f"{LIST}?all=1")


def test_a_balance_is_red_only_when_some_of_it_is_overdue(client, alice):
    bob, carol = make_customer("Bob Hatter", "BOB001"), make_customer("Carol White", "CAR001")
    make_invoice(bob, "10.00", days_ago(0), due=days_ago(-7))
    make_receipt(carol, "10.00", days_ago(0))
    client.force_login(make_person("Thabo", *SEES))
    page = shown(client, "/customers/?all=1")
    assert 'title="R 554.00 overdue">R 554.00' in page
    assert page.count("overdue") == 2
    assert "R 10.00" in page
    assert "-R 10.00" in page
    assert '<strong class="is-bad">R 554.00</strong>' in shown(client, "/customers/ALI001/")
    assert "R 554.00 overdue" in shown(client, "/customers/ALI001/")
    assert "<strong >R 10.00</strong>" in shown(client, "/customers/BOB001/")
    assert "in credit" in shown(client, "/customers/CAR001/")
    client.force_login(make_person("Dora", *SEES[:2]))
    assert "R 554.00" not in shown(client, "/customers/?all=1")
