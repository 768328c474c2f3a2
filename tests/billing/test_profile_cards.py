"""The profile with the cards of billing: what comes with the page, and what comes later."""

import pytest

from billing.services import letterheads
from herotill.users.models import User
from tests.factories import client_of, make_customer
from tests.factories.billing import make_invoice
from tests.factories.people import in_role

pytestmark = pytest.mark.django_db
LATER = ("recurring-billing", "age-analysis", "payment-receipts", "rental-contracts")


@pytest.fixture
def ada() -> User:
    return in_role("Ada", "manager", "accounts", "support")


def test_cards_far_down_come_after_the_page_without_what_they_hold(ada: User) -> None:
    make_customer("Alice Liddel", "ALI001")
    page = client_of(ada).get("/customers/ALI001/").content.decode()

    assert "Billing details" in page
    for name in LATER:
        place = page[page.index(f'id="card-{name}"') :].split("</section>")[0]
        assert "skeleton" in place
        assert f"/customers/ALI001/widgets/{name}/" in place
    together = client_of(ada).get(f"/customers/ALI001/widgets/?names={','.join(LATER)}").content.decode()
    assert together.count('hx-swap-oob="true"') == len(LATER)
    assert "skeleton" not in together


@pytest.mark.parametrize("months", [1, 12])
def test_the_page_asks_few_questions_however_much_was_billed(
    ada: User, months: int, django_assert_max_num_queries
) -> None:
    letterheads.current()
    alice = make_customer("Alice Liddel", "ALI001", master=make_customer("Wonderland", "WON001"))
    for _ in range(months):
        make_invoice(alice, "499.00")
    client = client_of(ada)
    client.get("/customers/ALI001/")

    with django_assert_max_num_queries(25):
        page = client.get("/customers/ALI001/").content.decode()
    assert "Alice Liddel" in page
