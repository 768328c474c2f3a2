"""Products, their prices by day and list, and their screens. Mia manages; Dora may only look."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from herotill.errors import DomainError
from herotill.reference.models import Price, PriceList, Product, ProductType
from herotill.reference.selectors.prices import prices
from herotill.reference.services import products
from herotill.search import find
from tests.factories import client_of, make_person
from tests.factories.people import in_role
from tests.factories.products import make_price, make_product

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def mia():
    return client_of(in_role("Mia", "manager"))


@pytest.mark.money
def test_a_price_counts_from_its_day_and_a_list_goes_before_everybody(django_assert_num_queries):
    product, resellers = make_product("UNC10", "450.00"), PriceList.objects.create(name="Resellers")
    make_price(product, "454.00", date(2018, 4, 1))
    make_price(product, "400.00", date(2018, 6, 1), resellers)
    with django_assert_num_queries(1):
        table = prices([product.pk])

    asked = [table.on(product.pk, None, date(2018, 3, 31)), table.on(product.pk, None, date(2018, 4, 1))]
    assert asked == [Decimal("450.00"), Decimal("454.00")]
    assert table.on(product.pk, resellers.pk, date(2018, 5, 31)) == Decimal("454.00")
    assert table.on(product.pk, resellers.pk, date(2018, 6, 1)) == Decimal("400.00")
    assert table.on(product.pk, None, date(2009, 12, 31)) is None
    assert table.changes(product.pk, resellers.pk, date(2018, 4, 1), date(2018, 12, 31)) == [date(2018, 6, 1)]


@pytest.mark.money
def test_one_price_a_product_list_and_day():
    product = make_product()
    with pytest.raises(IntegrityError, match="price_once_a_day"), transaction.atomic():
        make_price(product, "500.00")


def test_a_code_is_there_once_and_in_capitals():
    make_product("UNC10")
    twin = Product(code="UNC10", name="Another", product_type=ProductType.objects.first())

    with pytest.raises(DomainError, match="already a product UNC10"):
        products.save(product=twin)
    with pytest.raises(IntegrityError, match="product_code_in_capitals"), transaction.atomic():
        make_product("unc20")


def test_a_price_in_force_is_followed_by_another_and_never_rewritten():
    product = make_product("UNC10", "450.00")

    def set_price(day: date, amount: str) -> Price:
        return products.set_price(
            product=product, price_list=None, starts_on=day, amount=Decimal(amount), day=TODAY
        )

    with pytest.raises(DomainError, match="counts since 2010-01-01"):
        set_price(date(2010, 1, 1), "500.00")
    soon = set_price(TODAY + timedelta(days=40), "470.00")
    assert set_price(soon.starts_on, "475.00").pk == soon.pk
    with pytest.raises(DomainError, match="counts since"):
        products.drop_price(price=product.prices.get(starts_on=date(2010, 1, 1)), day=TODAY)
    products.drop_price(price=soon, day=TODAY)
    assert product.prices.count() == 1


def test_mia_adds_a_product_with_its_first_price_and_finds_it(mia):
    voice = ProductType.objects.get(name="VOICE")
    answer = mia.post(
        "/setup/products/new/",
        {
            "code": "voip1",
            "name": "Call line",
            "product_type": voice.pk,
            "vat_class": "standard",
            "pro_rata": "daily",
            "amount": "R 1,150.00",
            "starts_on": "2018-01-01",
        },
    )

    product = Product.objects.get(code="VOIP1")
    assert (answer.status_code, answer.url) == (302, f"/setup/products/{product.pk}/")
    assert (product.price_includes_vat, product.prices.get().amount) == (False, Decimal("1150.00"))
    page = mia.get(answer.url).content.decode()
    assert "R 172.50" in page
    assert "R 1,322.50" in page
    assert [row.title for row in find(in_role("Mo", "manager"), "voip").groups[0].hits] == ["Call line"]


def test_a_product_without_code_or_with_a_price_of_words_comes_back_as_typed(mia):
    refused = mia.post("/setup/products/new/", {"name": "<img src=http://x>", "amount": "cheap"})

    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Type an amount such as 454.00." in page
    assert "&lt;img src=http://x&gt;" in page
    assert not Product.objects.exists()


def test_mia_sets_a_price_to_come_and_takes_it_back(mia):
    product, resellers = make_product("UNC10", "450.00"), PriceList.objects.create(name="Resellers")
    soon = timezone.localdate() + timedelta(days=30)
    page = f"/setup/products/{product.pk}/"

    mia.post(f"{page}prices/", {"price_list": resellers.pk, "starts_on": soon.isoformat(), "amount": "400"})
    shown = mia.get(page).content.decode()
    assert "Prices of the list Resellers" in shown
    assert "To come" in shown
    price = Price.objects.get(price_list=resellers)
    assert mia.post(f"/setup/prices/{price.pk}/drop/").status_code == 302
    assert not Price.objects.filter(price_list=resellers).exists()
    begun = product.prices.get()
    assert "counts since" in mia.post(f"/setup/prices/{begun.pk}/drop/", follow=True).content.decode()
    assert product.prices.count() == 1


def test_a_product_is_retired_and_sold_again_and_deleted_while_nothing_uses_it(mia):
    product = make_product("UNC10")
    page = f"/setup/products/{product.pk}/"

    mia.post(f"{page}edit/", {"retire": "1"})
    assert f'{page}"' in mia.get("/setup/products/?state=true").content.decode()
    mia.post(f"{page}edit/", {"restore": "1"})
    assert f'{page}"' not in mia.get("/setup/products/?state=true").content.decode()
    assert mia.post(f"{page}delete/").status_code == 302
    assert not Product.objects.exists()


def test_the_list_shows_the_price_of_today_and_costs_no_more_for_ten_times_as_many(
    mia, django_assert_max_num_queries
):
    kind = ProductType.objects.get(name="HARDWARE")
    for number in range(30):
        make_product(f"RTR{number:02}", f"{number + 1}.00", product_type=kind.name)
    mia.get("/")  # the navigation's figures are remembered from here on
    with django_assert_max_num_queries(14):
        page = mia.get(f"/setup/products/?type={kind.pk}").content.decode()
    assert "R 30.00" in page
    exported = mia.post("/setup/products/list/export/", {"format": "csv"})
    assert exported.status_code == 200


def test_dora_sees_products_and_changes_nothing():
    product, dora = make_product(), client_of(make_person("Dora", "reference.view_product"))
    page = f"/setup/products/{product.pk}/"

    shown = dora.get(page)
    assert (shown.status_code, "New price" in shown.content.decode()) == (200, False)
    posts = ["/setup/products/new/", f"{page}edit/", f"{page}delete/", f"{page}prices/"]
    posts.append(f"/setup/prices/{product.prices.get().pk}/drop/")
    assert [dora.post(each).status_code for each in posts] == [403] * 5
    assert client_of(make_person("Nobody")).get("/setup/products/").status_code == 403
