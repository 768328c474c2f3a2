"""The itemised bill: every call of an invoice, the last figures of numbers left out unless somebody may see them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from billing.models import Document, Line
from billing.selectors import itemised
from herotill.models import Export
from tests.factories import make_customer, make_person
from tests.factories.billing import make_invoice
from tests.factories.calls import make_bill_of_calls
from tests.portal.conftest import at_portal

pytestmark = pytest.mark.django_db
RIGHTS = ("customers.view_customer", "billing.view_document", "dataaccounts.view_call")


@pytest.fixture
def bill() -> Document:
    return make_bill_of_calls(make_customer("Alice Liddel", "ALI001"), "27878201234")


def text_of(response: Any) -> str:
    return b"".join(response.streaming_content).decode("utf-8-sig")


def test_the_calls_of_an_invoice_come_to_its_line(bill: Document) -> None:
    (section,) = itemised.sections(bill, whole=True)
    assert section.charge.price == Line.objects.get(document=bill, source="calls").excl
    assert [(one.called, one.destination) for one in section.items] == [
        ("+27821234567", "Mobile"),
        ("112", "Emergency"),
    ]


def test_staff_see_masked_numbers_and_whole_ones_with_the_right(bill: Document, client: Client) -> None:
    address = f"/billing/documents/{bill.pk}/calls/"
    client.force_login(make_person("Thabo", *RIGHTS))
    page = client.get(f"{address}?whole=1").content.decode()
    assert "+2782123••••" in page
    assert "+27821234567" not in page
    assert address in client.get(f"/billing/documents/{bill.pk}/").content.decode()
    client.force_login(make_person("Manda", *RIGHTS, "dataaccounts.see_call_numbers"))
    assert "+27821234567" in client.get(f"{address}?whole=1").content.decode()
    assert "+27821234567" not in client.get(address).content.decode()
    file = text_of(client.get(f"{address}?whole=1&format=csv"))
    assert "+27821234567,Mobile,60,2.000000" in file.replace("'", "")
    assert Export.objects.get(list_name="itemised-calls").rows == 2
    assert client.get(f"{address}?format=pdf").content.startswith(b"%PDF")
    client.force_login(make_person("Dora", "customers.view_customer", "billing.view_document"))
    assert client.get(address).status_code == 403


def test_a_long_bill_takes_the_right_to_export_also_on_paper(
    bill: Document, client: Client, settings: Any
) -> None:
    settings.EXPORT_ROWS_WITHOUT_RIGHT = 1
    address = f"/billing/documents/{bill.pk}/calls/?format=pdf"
    client.force_login(make_person("Thabo", *RIGHTS))
    assert client.get(address).status_code == 403
    client.force_login(make_person("Manda", *RIGHTS, "dataaccounts.export_calls"))
    assert client.get(address).content.startswith(b"%PDF")
    assert Export.objects.get(list_name="itemised-calls", file_format="pdf").rows == 2


def test_the_customer_gets_the_calls_of_their_own_bill_alone(bill: Document) -> None:
    alice, bob = at_portal(bill.customer), at_portal(make_customer("Bob Bubble", "BOB001"))
    address = f"/portal/bills/{bill.pk}/calls/"
    paper = alice.get(address)
    assert paper.content.startswith(b"%PDF")
    assert "attachment" in paper.headers["Content-Disposition"]
    assert bob.get(address).status_code == 404
    assert address in alice.get(f"/portal/bills/{bill.pk}/").content.decode()


def test_a_document_without_calls_has_no_file_of_them(client: Client) -> None:
    made = make_invoice(make_customer("Carol Carter", "CAR001"))
    client.force_login(make_person("Thabo", *RIGHTS))
    assert "bills no calls" in client.get(f"/billing/documents/{made.pk}/calls/").content.decode()
    assert client.get(f"/billing/documents/{made.pk}/calls/?format=pdf").status_code == 404
