"""Products from a file: what comes in, what is refused, twice the same, and the way back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from herotill.models import Import, ImportRow, Run
from herotill.reference.models import Price, PriceList, Product, ProductType
from herotill.reference.selectors.prices import prices
from tests.factories import client_of, make_person
from tests.factories.people import in_role
from tests.factories.products import make_product

pytestmark = pytest.mark.django_db
HEAD = "Code;Name;Description;Type;VAT class;Price;Includes VAT;Starts on;Price list\n"
FILE = (
    HEAD
    + "unc10;Uncapped 10;Home Uncapped 10Mb/s;BANDWIDTH;Standard;R 756.49;yes;2018-04-01;\n"
    + "UNC10;;;;;649,00;;01/04/2018;Resellers\n"
    + "SEAT;Seat on the board;;Favours;zero-rated;100;no;2018-01-01;\n"
    + "BOOK;Book;;;exempt;50;;;\n"
)


def bring(folder: Path, text: str, *more: str) -> Run:
    (folder / "products.csv").write_text(text)
    call_command("import_csv", "products", folder / "products.csv", *more)
    return Run.objects.filter(kind="products-import").latest("pk")


def reasons() -> list[str]:
    return list(ImportRow.objects.filter(outcome="refuse").order_by("line").values_list("reason", flat=True))


@pytest.mark.money
def test_products_come_in_with_their_prices_by_day_and_list(tmp_path):
    run = bring(tmp_path, FILE, "--as-at", "2018-02-01")

    assert run.counts == {"created": 3, "updated": 1}
    ten, seat, book = (Product.objects.get(code=code) for code in ("UNC10", "SEAT", "BOOK"))
    assert (ten.name, ten.description, ten.price_includes_vat) == (
        "Uncapped 10",
        "Home Uncapped 10Mb/s",
        True,
    )
    assert (seat.vat_class, seat.price_includes_vat, seat.product_type.name) == ("zero", False, "Favours")
    assert (book.vat_class, book.product_type.name) == ("exempt", "OTHER")
    table, resellers = prices(), PriceList.objects.get(name="Resellers")
    assert table.on(ten.pk, None, date(2018, 4, 1)) == Decimal("756.49")
    assert table.on(ten.pk, resellers.pk, date(2018, 4, 1)) == Decimal("649.00")
    assert table.on(book.pk, None, date(2018, 2, 1)) == Decimal("50.00")


@pytest.mark.money
def test_a_second_time_changes_nothing_and_a_dry_run_never_does(tmp_path):
    (tmp_path / "dry.csv").write_text(FILE)
    call_command("import_csv", "products", tmp_path / "dry.csv", "--dry-run", "--as-at", "2018-02-01")
    assert not Product.objects.exists()

    bring(tmp_path, FILE, "--as-at", "2018-02-01")
    again = bring(tmp_path, FILE, "--as-at", "2018-02-01")
    assert (again.counts, Price.objects.count()) == ({"skipped": 4}, 4)


def test_what_cannot_be_taken_in_is_refused_with_its_reason(tmp_path):
    rows = (
        ";Nameless;;;;;;;\n"
        "A B*;Star;;;;;;;\n"
        "NEW1;;;;;;;;\n"
        "NEW2;Two;;;luxury;;;;\n"
        "NEW3;Three;;;;minus ten;;;\n"
        "NEW4;Four;;;;-10.00;;;\n"
        "NEW5;Five;;;;10.00;maybe;;\n"
        "NEW6;Six;;;;10.00;;soon;\n"
    )
    run = bring(tmp_path, HEAD + rows + f"NEW7;{'x' * 101};;;;;;;\n")

    assert run.counts == {"refused": 9}
    assert reasons() == [
        "no_code",
        "bad_code",
        "no_name",
        "unknown_vat_class",
        "bad_price",
        "bad_price",
        "bad_includes_vat",
        "bad_date",
        "too_long",
    ]
    assert not Product.objects.exists()


@pytest.mark.money
def test_a_price_that_counts_already_stays(tmp_path):
    product = make_product("UNC10", "450.00")
    run = bring(tmp_path, HEAD + "UNC10;;;;;999.00;;2010-01-01;\n")

    assert (run.counts, product.prices.get().amount) == ({"skipped": 1}, Decimal("450.00"))
    assert ImportRow.objects.get().warnings == ["price_kept"]


@pytest.mark.money
def test_it_is_taken_back_as_it_was(tmp_path):
    old = make_product("UNC10", "450.00", name="Old name")
    run = bring(tmp_path, FILE, "--as-at", "2018-02-01")
    old.refresh_from_db()
    assert old.name == "Uncapped 10"

    call_command("import_csv", roll_back=run.pk)
    old.refresh_from_db()
    assert (old.name, old.description) == ("Old name", "")
    assert list(Price.objects.values_list("amount", flat=True)) == [Decimal("450.00")]
    assert list(Product.objects.all()) == [old]
    assert not PriceList.objects.exists()
    assert not ProductType.objects.filter(name="Favours").exists()


def test_what_somebody_changed_or_priced_since_stays(tmp_path):
    run = bring(tmp_path, FILE, "--as-at", "2018-02-01")
    Price.objects.create(product=Product.objects.get(code="BOOK"), starts_on=date(2020, 1, 1), amount=60)

    call_command("import_csv", roll_back=run.pk)
    assert list(Product.objects.values_list("code", flat=True)) == ["BOOK"]
    assert Price.objects.count() == 1


def test_mia_takes_a_file_through_the_wizard_and_dora_may_not():
    mia, dora = client_of(in_role("Mia", "manager")), client_of(make_person("Dora", "reference.view_product"))

    def file() -> SimpleUploadedFile:
        return SimpleUploadedFile("products.csv", FILE.encode(), "text/csv")

    assert dora.post("/setup/products/import/", {"file": file()}).status_code == 403
    assert mia.post("/setup/products/import/", {"file": file()}).status_code == 302
    batch = Import.objects.get()
    page = mia.get(f"/setup/products/import/{batch.pk}/map/")
    assert page.status_code == 200
    assert "Prices without a date count from" in page.content.decode()
