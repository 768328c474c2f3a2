"""The customer list: who stands on it, in which columns and order, narrowed how, and what Dora does not get."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import BillingGroup, Category, Customer, CustomerGroup, Label
from herotill.lists import Column, cells, lists
from herotill.reference.models import Highsite
from herotill.search import narrowing
from herotill.users.models import User
from tests.factories import make_customer, make_person
from tests.factories.billing import make_owe

pytestmark = pytest.mark.django_db

URL = "/customers/"
SEES = ("customers.view_customer", "customers.see_customer_balance", "customers.see_id_numbers")


@pytest.fixture
def clerk(client: Client) -> User:
    """Naledi, who may see everything on the list, logged in."""
    naledi = make_person("Naledi", *SEES)
    client.force_login(naledi)
    return naledi


def owes(customer: Customer, amount: str) -> Customer:
    make_owe(customer, amount)
    return customer


def codes(client: Client, **query: Any) -> list[str]:
    """The account codes on the page, from top to bottom."""
    response = client.get(URL, {"all": "1", **query})
    assert response.status_code == 200
    return re.findall(r'<td class="id wide-only">([A-Z0-9]+)</td>', response.content.decode())


def page(client: Client, **query: Any) -> str:
    return client.get(URL, {"all": "1", **query}).content.decode()


def headings(html: str) -> list[str]:
    head = html[html.index("<thead>") : html.index("</thead>")]
    return re.findall(r">([A-Z][^<>]*)<", head)


# ---- what is shown --------------------------------------------------------------------------------


def test_the_columns_of_the_manual_stand_in_its_order(client: Client, clerk: User) -> None:
    make_customer("Alice Liddel")
    assert headings(page(client)) == [
        "Customer group",
        "Billing group",
        "Account code",
        "Type",
        "Name",
        "Phone",
        "Email",
        "Status",
        "Categories",
        "Balance",
        "Labels",
        "Open",
    ]


def test_a_row_says_who_it_is_and_its_black_button_opens_the_profile(client: Client, clerk: User) -> None:
    run = BillingGroup.objects.create(name="Netcash Run 1")
    contact = {"name": "Cheshire Cat", "phone": "+27821234567", "email": "cat@example.com"}
    wonderland = make_customer(
        "Wonderland (Pty) Ltd",
        "WON001",
        kind="company",
        billing_group=run,
        contact=contact,
        status="suspended",
    )
    owes(wonderland, "18597.00")
    wonderland.categories.add(Category.objects.create(name="VIP"))
    wonderland.labels.add(Label.objects.create(name="Green", colour="green"))
    html = page(client)
    for shown in (
        "Others",
        "Netcash Run 1",
        '<td class="id wide-only">WON001</td>',
        "Company",
        "Wonderland (Pty) Ltd (Cheshire Cat)",
        "082 123 4567",
        "cat@example.com",
        '<span class="chip chip--bad"><i class="dot"></i>Suspended</span>',
        '<span class="chip">VIP</span>',
        "R 18,597.00",
        '<span class="tag tag--green">Green</span>',
    ):
        assert shown in html
    assert '<a class="btn btn--row" href="/customers/WON001/"' in html


def test_a_phone_leaves_the_first_columns_out_and_shows_the_code_under_the_name(
    client: Client, clerk: User
) -> None:
    make_customer("Alice Liddel", "ALI001")
    shown = client.get("/customers/").content.decode()
    left_out = re.findall(r'<th scope="col" class="[^"]*wide-only"[^>]*><a[^>]*>([^<]+)', shown)

    assert left_out == ["Customer group", "Billing group", "Account code", "Type"]
    assert 'href="/customers/ALI001/">Alice Liddel</a><small class="narrow-only id">ALI001</small>' in shown


def test_a_customer_who_is_a_person_stands_without_brackets(client: Client, clerk: User) -> None:
    make_customer("Alice Liddel", contact={"name": "Mother Liddel"})
    assert '<a href="/customers/' in page(client)
    assert "Alice Liddel (" not in page(client)


def test_names_sort_folded_whatever_their_case_and_accents(client: Client, clerk: User) -> None:
    for number, surname in enumerate(("Zola", "van Wyk", "Élise", "Van Wyk", "de Beer")):
        make_customer(f"{surname} Pty", f"SRT00{number}", kind="company")
    assert codes(client) == ["SRT004", "SRT002", "SRT001", "SRT003", "SRT000"]
    assert codes(client, sort="-name") == ["SRT000", "SRT003", "SRT001", "SRT002", "SRT004"]


def test_every_single_valued_column_sorts_both_ways_and_blanks_stand_last(
    client: Client, clerk: User
) -> None:
    tower = Highsite.objects.create(name="Paarl Rock")
    run = BillingGroup.objects.create(name="Netcash Run 1")
    master = make_customer("Wonderland", "WON001", kind="company", is_reseller=True, highsite=tower)
    make_customer(
        "Alice Liddel", "ALI001", master=master, billing_group=run, prepaid=True, payment_method="eft"
    )
    make_customer(
        "Bob Bubble", "BOB001", customer_since="2020-02-02", verified_on="2024-01-01", status="suspended"
    )
    for column in lists["customers"].columns:
        if column.sort is None:
            continue
        rising, falling = codes(client, sort=column.name), codes(client, sort=f"-{column.name}")
        assert sorted(rising) == sorted(falling) == ["ALI001", "BOB001", "WON001"], column.name
    assert codes(client, sort="billing_group")[0] == codes(client, sort="-billing_group")[0] == "ALI001"
    assert codes(client, sort="customer_since")[0] == codes(client, sort="-customer_since")[0] == "BOB001"
    assert codes(client, sort="master")[0] == "ALI001"


def test_the_heading_sorts_by_its_column_and_then_the_other_way(client: Client, clerk: User) -> None:
    make_customer("Alice Liddel")
    assert 'aria-sort="ascending"><a id="sort-name" href="/customers/?sort=-name"' in page(client)
    assert 'aria-sort="descending"><a id="sort-email" href="/customers/?sort=email"' in page(
        client, sort="-email"
    )


@pytest.mark.parametrize("sort", ["labels", "nonsense", "-nonsense", "-"])
def test_what_cannot_be_sorted_by_leaves_the_usual_order(client: Client, clerk: User, sort: str) -> None:
    make_customer("Zola Budd", "ZOL001")
    make_customer("Alice Liddel", "ALI001")
    assert codes(client, sort=sort) == ["ALI001", "ZOL001"]


def test_nothing_a_customer_is_called_becomes_markup(client: Client, clerk: User) -> None:
    nasty = '<script>alert("x")</script>{{ 7 }}\' onmouseover=x'
    group = CustomerGroup.objects.create(name=f"G{nasty}"[:100])
    label = Label.objects.create(name=f"L{nasty}"[:100])
    customer = make_customer(
        f"C{nasty}", kind="company", group=group, contact={"name": f"P{nasty}", "email": "x@y.z"}
    )
    customer.labels.add(label)
    html = page(client, group=group.pk, label=label.pk, panel="1", q="C<script>")
    assert "<script>alert" not in html
    assert html.count("&lt;script&gt;alert") > 4
    assert "onmouseover=x" not in re.sub(r'"[^"]*"|>[^<]*<', "", html)


# ---- what narrows it ------------------------------------------------------------------------------


def test_filters_narrow_the_list_each_by_what_it_says(client: Client, clerk: User) -> None:
    estate = CustomerGroup.objects.create(name="Estate")
    run = BillingGroup.objects.create(name="Netcash Run 1")
    tower = Highsite.objects.create(name="Paarl Rock")
    vip, green = Category.objects.create(name="VIP"), Label.objects.create(name="Green")
    alice = make_customer(
        "Alice Liddel",
        "ALI001",
        group=estate,
        billing_group=run,
        highsite=tower,
        payment_method="credit_card",
        prepaid=True,
        verified_on="2024-01-01",
        id_number="8001015009087",
    )
    alice.categories.add(vip)
    alice.labels.add(green)
    bob = make_customer("Bobs Burgers", "BOB001", kind="company", status="suspended", is_reseller=True)
    make_customer("Carol Carter", "CAR001", status="cancelled", payment_method="eft")
    owes(bob, "250.00")
    for query, expected in (
        ({"group": estate.pk}, ["ALI001"]),
        ({"billing_group": run.pk}, ["ALI001"]),
        ({"billing_group": "none"}, ["BOB001", "CAR001"]),
        ({"highsite": tower.pk}, ["ALI001"]),
        ({"payment_method": "credit_card"}, ["ALI001"]),
        ({"payment_method": ["eft", "none"]}, ["BOB001", "CAR001"]),
        ({"kind": "company"}, ["BOB001"]),
        ({"prepaid": "true"}, ["ALI001"]),
        ({"prepaid": "false"}, ["BOB001", "CAR001"]),
        ({"verified": "true"}, ["ALI001"]),
        ({"verified": "false"}, ["BOB001", "CAR001"]),
        ({"is_reseller": "true"}, ["BOB001"]),
        ({"label": green.pk}, ["ALI001"]),
        ({"category": vip.pk}, ["ALI001"]),
        ({"status": ["suspended", "cancelled"]}, ["BOB001", "CAR001"]),
        ({"balance_min": "100"}, ["BOB001"]),
        ({"balance_min": "0", "balance_max": "249.99"}, ["ALI001", "CAR001"]),
        ({"id_number": "800101 5009 087"}, ["ALI001"]),
        ({"status": "active", "kind": "company"}, []),
    ):
        assert codes(client, **query) == expected, query


def test_all_clients_of_a_reseller_are_its_subs_and_theirs(client: Client, clerk: User) -> None:
    wonderland = make_customer("Wonderland", "WON001", kind="company", is_reseller=True)
    hatter = make_customer("Mad Hatter", "HAT001", master=wonderland)
    make_customer("March Hare", "HAR001", master=hatter)
    make_customer("Bob Bubble", "BOB001")
    assert codes(client, reseller="WON001") == ["HAT001", "HAR001"]
    assert codes(client, reseller="BOB001") == [], "Bob is no reseller, so the filter is not understood"


def test_the_sub_accounts_of_one_master_are_found_by_its_code(client: Client, clerk: User) -> None:
    wonderland = make_customer("Wonderland", "WON001", kind="company")
    hatter = make_customer("Mad Hatter", "HAT001", master=wonderland)
    make_customer("March Hare", "HAR001", master=hatter)
    head = client.get("/customers/WON001/").content.decode()

    assert '<a href="/customers/?master=WON001">1 sub-account</a>' in head
    assert codes(client, master="WON001") == codes(client, master="won001") == ["HAT001"]
    assert "Sub-accounts of: <b>WON001</b>" in client.get("/customers/?master=WON001").content.decode()


def test_filters_stand_as_chips_with_their_words(client: Client, clerk: User) -> None:
    estate = CustomerGroup.objects.create(name="Estate & Co")
    html = page(client, group=estate.pk, status=["active", "suspended"], balance_min="1000", prepaid="true")
    assert "Customer group: <b>Estate &amp; Co</b>" in html
    assert "Status: <b>Active, Suspended</b>" in html
    assert "Balance from: <b>R 1,000.00</b>" in html
    assert "Prepaid: <b>Yes</b>" in html


@pytest.mark.parametrize("query", [{"group": "999999"}, {"status": "asleep"}, {"balance_min": "much"}])
def test_a_filter_that_cannot_be_understood_shows_nobody_and_says_so(
    client: Client, clerk: User, query: dict[str, str]
) -> None:
    make_customer("Alice Liddel")
    assert codes(client, **query) == []
    assert "(not understood)" in page(client, **query)


def test_the_search_box_finds_by_name_code_phone_and_email(client: Client, clerk: User) -> None:
    make_customer("Élise van Wyk", "ELI001", contact={"phone": "+27821234567", "email": "elise@example.com"})
    make_customer("Bob Bubble", "BOB001", contact={"phone": "+27830000000", "email": "bob@posduif.example"})
    for typed in ("elise", "wyk elise", "eli001", "082 123", "34567", "elise@example"):
        assert codes(client, q=typed) == ["ELI001"], typed
    for typed in ("bob0", "posduif", "B"):
        assert codes(client, q=typed) == ["BOB001"], typed
    assert codes(client, q="e") == ["ELI001"], "a single letter begins names"
    assert codes(client, q="bob", status="suspended") == []
    assert codes(client, q="nobody") == []
    assert "No customer matches" in page(client, q="nobody")


@pytest.mark.parametrize("sort", ["name", "-name", "code", "-email", "customer_since", "town"])
def test_a_search_that_finds_many_pages_through_all_of_them(
    client: Client, clerk: User, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    crowd(12)
    make_customer("Bob Bubble", "BOB001")
    everybody = [code for code in codes(client, sort=sort) if code != "BOB001"]
    monkeypatch.setattr(narrowing, "MANY", 3)
    assert codes(client, sort=sort, q="number") == everybody
    html = page(client, sort=sort, q="number", size="10")
    rest = client.get(links(html)["next"]).content.decode()
    assert re.findall(r'<td class="id wide-only">(PER\d+)</td>', html + rest) == everybody


def test_a_search_by_id_number_asks_the_right_to_see_them(client: Client, clerk: User) -> None:
    make_customer("Bob Bubble", "BOB001", id_number="8001015009087")
    assert codes(client, q="8001015009087") == ["BOB001"]
    client.force_login(make_person("Sipho", "customers.view_customer"))
    assert codes(client, q="8001015009087") == []


# ---- what a person may not see is not there -------------------------------------------------------


def test_without_the_right_there_are_no_balances_anywhere(client: Client) -> None:
    client.force_login(make_person("Sipho", "customers.view_customer"))
    owes(make_customer("Bob Bubble", "BOB001"), "777.77")
    owes(make_customer("Alice Liddel", "ALI001"), "1.00")
    html = page(client, panel="1")
    assert "Balance" not in html
    assert "777.77" not in html
    assert codes(client, sort="-balance") == ["ALI001", "BOB001"], "the usual order: balances say nothing"
    assert "Balance" not in client.get("/customers/list/columns/").content.decode()


def test_a_filter_one_may_not_use_shows_nobody_rather_than_everybody(client: Client) -> None:
    client.force_login(make_person("Sipho", "customers.view_customer"))
    owes(make_customer("Bob Bubble", "BOB001"), "777.77")
    assert codes(client, balance_min="700") == []
    assert "a filter that you may not use" in page(client, balance_min="700")
    assert "Balance" not in page(client, balance_min="700")


def test_balances_are_not_even_read_for_who_may_not_see_them(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(make_person("Sipho", "customers.view_customer"))
    make_customer("Bob Bubble")
    with django_assert_max_num_queries(12) as asked:
        page(client, sort="-balance")
    assert not [query for query in asked.captured_queries if "customerbalance" in query["sql"]]


@pytest.mark.parametrize("part", ["", "list/count/", "list/columns/", "list/views/new/", "list/bulk/label/"])
def test_who_may_not_see_customers_is_turned_away(client: Client, part: str) -> None:
    assert client.get(f"{URL}{part}").status_code == 302
    client.force_login(make_person("Dora"))
    assert client.get(f"{URL}{part}").status_code == 403


@pytest.mark.parametrize("part", ["list/remember/", "list/export/", "list/undo/1/", "list/bulk/label/"])
def test_who_may_not_see_customers_changes_nothing_either(client: Client, part: str) -> None:
    client.force_login(make_person("Dora"))
    assert client.post(f"{URL}{part}").status_code == 403


# ---- pages ----------------------------------------------------------------------------------------


def crowd(number: int, **fields: Any) -> None:
    for n in range(number):
        make_customer(f"Person Number{n:03}", f"PER{n:03}", **fields)


def links(html: str) -> dict[str, str]:
    found = re.findall(r'id="page-(\w+)" href="([^"]+)"', html)
    return {name: url.replace("&amp;", "&") for name, url in found}


def test_pages_lead_on_and_back_and_to_either_end(client: Client, clerk: User) -> None:
    crowd(23)
    client.post(f"{URL}list/remember/", {"size": "10"})
    seen, html = [], page(client)
    while True:
        seen += re.findall(r'<td class="id wide-only">(PER\d+)</td>', html)
        if "next" not in links(html):
            break
        html = client.get(links(html)["next"]).content.decode()
    assert seen == [f"PER{n:03}" for n in range(23)]
    html = client.get(links(html)["previous"]).content.decode()
    assert re.findall(r'<td class="id wide-only">(PER\d+)</td>', html) == [
        f"PER{n:03}" for n in range(10, 20)
    ]
    html = client.get(links(html)["last"]).content.decode()
    assert re.findall(r'<td class="id wide-only">(PER\d+)</td>', html) == [
        f"PER{n:03}" for n in range(13, 23)
    ]
    assert "next" not in links(html)
    html = client.get(links(html)["previous"]).content.decode()
    assert re.findall(r'<td class="id wide-only">(PER\d+)</td>', html) == [f"PER{n:03}" for n in range(3, 13)]
    html = client.get(links(html)["previous"]).content.decode()
    assert re.findall(r'<td class="id wide-only">(PER\d+)</td>', html) == [f"PER{n:03}" for n in range(10)], (
        "filled up"
    )
    assert "previous" not in links(html)


def test_a_page_that_has_run_out_is_the_first_one(client: Client, clerk: User) -> None:
    crowd(11)
    client.post(f"{URL}list/remember/", {"size": "10"})
    second = links(page(client))["next"]
    Customer.objects.filter(code="PER010").update(status="cancelled")
    html = client.get(f"{second}&status=active").content.decode()
    assert re.findall(r'<td class="id wide-only">(PER\d+)</td>', html)[0] == "PER000"


def test_the_count_is_exact_where_they_are_few_and_an_estimate_with_a_link_beyond(
    client: Client, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(11)
    assert "11 customers" in page(client)
    client.post(f"{URL}list/remember/", {"size": "10"})
    html = page(client)
    assert ("11 customers" in html, "list/count/" in html) == (True, False)
    monkeypatch.setattr("herotill.lists.sheet.COUNTED", 10)
    html = page(client)
    assert re.search(r"about \d+ customers", html)
    assert "list/count/" in html
    counted = client.get(f"{URL}list/count/", {"all": "1"}, headers={"HX-Request": "true"})
    assert counted.content.decode() == "11 customers"
    assert "11 customers match" in client.get(f"{URL}list/count/", {"all": "1"}).content.decode()


@pytest.mark.parametrize("token", ["garbage", "!!", "W10", "WyJ4Il0"])
def test_a_page_address_that_was_meddled_with_is_the_first_page(
    client: Client, clerk: User, token: str
) -> None:
    make_customer("Alice Liddel", "ALI001")
    assert codes(client, after=token) == ["ALI001"]
    assert codes(client, before=token) == ["ALI001"]
    assert codes(client, sort="balance", after=token) == ["ALI001"]


def test_htmx_gets_what_changes_and_a_browser_that_goes_back_the_whole_page(
    client: Client, clerk: User
) -> None:
    make_customer("Alice Liddel")
    part = client.get(URL, {"all": "1"}, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert 'id="list-body"' in part.content.decode()
    assert "HX-Request" in part.headers["Vary"]
    restored = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in client.get(URL, {"all": "1"}, headers=restored).content.decode()


# ---- cost -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", [{}, {"sort": "-balance"}, {"status": "active", "sort": "email"}])
def test_a_page_costs_the_same_queries_with_ten_times_the_customers(
    client: Client, clerk: User, query: dict[str, str]
) -> None:
    green = Label.objects.create(name="Green")
    crowd(3)
    few = queries(client, query)
    for n in range(3, 30):
        make_customer(f"Person Number{n:03}", f"PER{n:03}").labels.add(green)
    assert few == queries(client, query) <= 12


def queries(client: Client, query: dict[str, str]) -> int:
    with CaptureQueriesContext(connection) as asked:
        page(client, **query)
    return len(asked)


# ---- what other apps add --------------------------------------------------------------------------


def test_another_app_adds_a_column_with_many_values_a_right_and_no_view(client: Client, clerk: User) -> None:
    alice = make_customer("Alice Liddel")
    column = Column(
        name="voice_lines",
        heading="Voice lines",
        cell=cells.TEXT,
        batch=lambda ids: {alice.pk: "alice@fibre, <alice>@lte"} if alice.pk in ids else {},
        permission="customers.label_customers",
        default=True,
        order=60,
    )
    listing = lists["customers"]
    listing.columns.register(column)
    try:
        assert "Voice lines" not in page(client)
        client.force_login(make_person("Sipho", *SEES, "customers.label_customers"))
        html = page(client)
        assert "alice@fibre, &lt;alice&gt;@lte" in html
        assert headings(html)[5] == "Voice lines"
    finally:
        listing.columns.unregister("voice_lines")


def test_the_list_is_where_the_contract_says(client: Client) -> None:
    assert reverse("customers:list") == "/customers/"
