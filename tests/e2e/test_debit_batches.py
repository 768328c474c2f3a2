"""Anna builds a debit batch and lowers a line, Mary releases it, Anna downloads its file, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing.models import CollectionBatch, CollectionLine
from billing.policies import batches as policy
from herotill import runs
from herotill.models import Run
from tests.browser import PHONE, findings
from tests.factories.collecting import TestBank, bank, make_group, make_payer
from tests.factories.people import in_role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def the_bank() -> Iterator[TestBank]:
    with bank(order=1) as made:
        yield made


def test_a_batch_is_built_lowered_released_by_another_and_downloaded(
    the_bank: TestBank, log_in: Callable[..., Page]
) -> None:
    group = make_group()
    make_payer("ALI001", group, "454.00")
    make_payer("BOB001", group, "100.00", day=1)
    anna, mary = in_role("Anna", "accounts"), in_role("Mary", "manager")

    page = log_in(anna)
    page.goto("/billing/batches/")
    page.get_by_role("link", name="Build batch").click()
    dialog = page.get_by_role("dialog")
    day = policy.next_date(27, the_bank.earliest(timezone.now()))
    expect(dialog.get_by_label("Action date")).to_have_value(day.isoformat())
    dialog.get_by_role("button", name="Build batch").click()
    page.wait_for_url("**/runs/**")
    runs.work(Run.objects.get().pk)

    batch = CollectionBatch.objects.get()
    page.goto(f"/billing/batches/{batch.pk}/")
    expect(page.get_by_text("Mandated for another day")).to_be_visible()
    assert findings(page) == []
    page.get_by_role("link", name="Lines", exact=True).click()
    page.get_by_role("link", name="Open ALI001").click()
    page.get_by_role("link", name="Change the amount").click()
    dialog.get_by_label("Amount").fill("200")
    dialog.get_by_label("Why").fill("Half, as agreed")
    dialog.get_by_role("button", name="Change the amount").click()
    expect(page.get_by_text("R 200.00").first).to_be_visible()
    assert str(CollectionLine.objects.get().amount) == "200.00"

    other = log_in(mary)
    other.goto(f"/billing/batches/{batch.pk}/")
    other.get_by_role("link", name="Release", exact=True).click()
    other.get_by_role("dialog").get_by_role("button", name="Release").click()
    expect(other.get_by_text("Released").first).to_be_visible()

    page.goto(f"/billing/batches/{batch.pk}/")
    with page.expect_download() as file:
        page.get_by_role("button", name="Download the file").click()
    assert b"ALI001" in file.value.path().read_bytes()

    phone = log_in(anna, size=PHONE)
    phone.goto(f"/billing/batches/{batch.pk}/")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert findings(phone) == []
