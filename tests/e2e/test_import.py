"""A file goes through the wizard in a real browser, and back again."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from customers.models import Customer
from herotill.users.models import User
from tests.browser import PHONE, findings
from tests.customers.importing.files import company, file_of, person
from tests.customers.importing.stories import debit_runs
from tests.factories.people import in_role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

LogIn = Callable[..., Page]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "old system.csv"
    path.write_bytes(
        file_of(
            company("Wonderland (Pty) Ltd", code="WON001", balance="R 454.00"),
            person("Liddel, Alice", code="ALI001", email="alice@example.com", parent="WON001", tag="Green"),
            person("Petersen, Carol", code="CAR001", email="carol"),
        )
    )
    return path


@pytest.fixture
def admin() -> User:
    debit_runs()
    return in_role("Naledi", "administrator")


def upload(page: Page, file: Path) -> None:
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(file.name)


def test_upload_map_dry_run_import_and_back(file: Path, admin: User, log_in: LogIn) -> None:
    page = log_in(admin)
    page.get_by_role("link", name="Customers", exact=True).first.click()
    page.get_by_role("link", name="Import", exact=True).click()

    upload(page, file)
    expect(page.get_by_label("Surname, Names")).to_have_value("person")
    page.get_by_role("button", name="Do the dry run").click()

    expect(page.get_by_role("button", name="Import 2 records")).to_be_visible()
    expect(page.locator(".totals").first).to_contain_text("R 454.00")
    page.get_by_role("link", name="Nothing in it can be an email address.").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text("Petersen, Carol")
    assert not Customer.objects.exists()

    with page.expect_download() as download:
        page.get_by_role("link", name="Refused records").click()
    assert "bad_email" in download.value.path().read_text()

    page.get_by_role("button", name="Import 2 records").click()
    expect(page.get_by_role("heading", name="Imported")).to_be_visible()
    page.get_by_role("link", name="ALI001").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Alice Liddel")
    expect(page.get_by_text("This is a Sub-Account of")).to_be_visible()

    page.go_back()
    page.get_by_role("link", name="Roll back").click()
    page.get_by_label("to confirm").fill("roll back")
    page.get_by_role("button", name="Roll back this import").click()
    expect(page.get_by_role("heading", name="Imported, and rolled back")).to_be_visible()
    assert not Customer.objects.exists()
    page.get_by_role("link", name="Import customers").click()
    expect(page.locator("tbody")).to_contain_text("Rolled back")


def test_whoever_may_not_import_does_not_see_that_one_can(log_in: LogIn) -> None:
    page = log_in(in_role("Sam", "support"))
    page.goto("/customers/")
    expect(page.get_by_role("link", name="List customers")).to_be_visible()
    expect(page.get_by_role("link", name="Import", exact=True)).to_have_count(0)
    answer = page.goto("/customers/import/")
    assert answer is not None
    assert answer.status == 403


def test_accounts_are_told_which_columns_they_may_not_import(file: Path, log_in: LogIn) -> None:
    page = log_in(in_role("Botha", "accounts"))
    page.goto("/customers/import/")
    upload(page, file)
    expect(page.locator(".banner")).to_contain_text("Status (Status)")
    expect(page.get_by_label("Status")).to_have_value("")
    expect(page.get_by_label("Status").locator("option[value=status]")).to_have_count(0)


def test_a_file_that_cannot_be_read_is_said_beside_the_field(
    admin: User, tmp_path: Path, log_in: LogIn
) -> None:
    page = log_in(admin)
    page.goto("/customers/import/")
    old = tmp_path / "old.xls"
    old.write_bytes(b"\xd0\xcf\x11\xe0 old workbook")
    page.get_by_label("File").set_input_files(old)
    page.get_by_role("button", name="Upload").click()
    expect(page.locator(".errors")).to_contain_text("Save it as XLSX or CSV")
    expect(page).to_have_url(re.compile("/customers/import/$"))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [{"width": 1440, "height": 900}, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_on_the_wizard(
    file: Path, admin: User, log_in: LogIn, dark: bool, size: dict[str, int]
) -> None:
    page = log_in(admin, dark=dark, size=size)
    page.goto("/customers/import/")
    found = findings(page)
    upload(page, file)
    found += findings(page)
    page.get_by_role("button", name="Do the dry run").click()
    expect(page.get_by_role("button", name="Import 2 records")).to_be_visible()
    found += findings(page)
    page.get_by_role("button", name="Import 2 records").click()
    page.get_by_role("link", name="Roll back").click()
    expect(page.get_by_label("to confirm")).to_be_visible()
    found += findings(page)
    assert found == []
