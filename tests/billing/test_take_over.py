"""The debtors taken over from the old system, compared and signed (rule 16)."""

from datetime import UTC, date, datetime
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command

from billing.models import TakeOver
from billing.selectors import cutover
from billing.services import cutover as taking_over
from customers.models import OpeningBalance
from herotill.errors import DomainError
from tests.factories import make_customer
from tests.factories.billing import make_invoice
from tests.factories.people import in_role

pytestmark = pytest.mark.django_db
PAGE = "/reports/opening-debtors/"
CUT_OVER = date(2018, 3, 31)
OLD = (
    "Code;Name;120 Days+;90 Days;60 Days;30 Days;Current\n"
    "ALI001;Alice;0.00;0;0;R 454.00;0\n"
    "BOB001;Bob;;;;;-20,00\n"
    "Total;;0;0;0;454;-20\n"
)


@pytest.fixture
def openings():
    for code, name, amount, day in (
        ("ALI001", "Alice Liddel", "454.00", date(2018, 2, 20)),
        ("BOB001", "Bob Hatter", "-20.00", date(2018, 3, 1)),
    ):
        OpeningBalance.objects.create(customer=make_customer(name, code), amount=amount, as_at=day)


def uploaded(client, text):
    file = BytesIO(text.encode())
    file.name = "old.csv"
    return client.post(PAGE, {"as_at": CUT_OVER.isoformat(), "file": file})


def test_s16_debtors_are_signed_only_when_every_bucket_is_the_same(client, openings):
    client.force_login(in_role("Thabo", "manager"))
    assert not cutover.signed()
    assert "stay off" in client.get(PAGE).content.decode()
    assert uploaded(client, OLD.replace("R 454.00;0", "0;454.00")).status_code == 302
    page = client.get(PAGE).content.decode()
    assert "1 of 2 customers differ" in page
    client.post(f"{PAGE}sign/")
    assert not cutover.signed()
    assert uploaded(client, OLD).status_code == 302
    assert "All 2 customers are the same" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}sign/")
    assert cutover.signed()
    assert TakeOver.objects.get(signed_at__isnull=False).signed_by.name == "Thabo"
    page = client.get(PAGE).content.decode()
    assert "Signed by Thabo" in page
    assert 'type="file"' not in page


def test_unknown_codes_and_debts_that_the_old_system_lacks_are_differences(client, openings):
    manager = in_role("Thabo", "manager")
    old = OLD.replace("BOB001;Bob", "XXX999;Nobody")
    taken = taking_over.upload(content=old.encode(), file_name="old.csv", as_at=CUT_OVER, actor=manager)
    rows = {row.code: row for row in cutover.comparison(taken).differences}
    assert set(rows) == {"BOB001", "XXX999"}
    assert rows["XXX999"].name == ""
    assert rows["BOB001"].ours.current == -20
    with pytest.raises(DomainError, match="2 customers differ"):
        taking_over.sign(take_over=taken, actor=manager, now=datetime.now(UTC))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Code,Current\nALI001,5\n", "no column"),
        (OLD.replace("R 454.00", "much"), "is no amount"),
        (OLD + "ALI001;Alice;1;1;1;1;1\n", "stands there twice"),
        ("\x00\x01", "no column"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(client, openings, text, said):
    client.force_login(in_role("Thabo", "manager"))
    answer = uploaded(client, text)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not TakeOver.objects.exists()


def test_only_who_may_sign_uploads_and_signs(client, openings):
    client.force_login(in_role("Dora", "accounts"))
    uploaded(client, OLD)
    assert not TakeOver.objects.exists()
    assert client.post(f"{PAGE}sign/").status_code == 403
    client.force_login(in_role("Sipho", "technician"))
    assert client.get(PAGE).status_code == 403


def test_who_begins_without_history_has_nothing_to_sign():
    make_invoice(make_customer("Alice Liddel"), "10.00", date(2018, 4, 1))
    assert cutover.signed()
    said = StringIO()
    call_command("verify_ledger", stdout=said)
    assert "nothing differs" in said.getvalue()
