"""The card Rental contracts: terms, deposits, ends; and who may not."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from billing.models import BankAccount, DepositEntry, Document, RentalContract
from billing.selectors.seen import mark
from billing.services import deposits
from billing.widgets.rental_contracts import RentalContracts
from herotill.models import ApprovalRequest
from tests.factories import client_of, make_customer, make_person
from tests.factories.billing import make_invoice

from .test_contracts import make_contract, make_item

pytestmark = pytest.mark.django_db
SEES = ("customers.view_customer", "billing.view_rentalcontract", "billing.view_depositentry")
DOES = (
    "billing.add_rentalcontract billing.change_rentalcontract billing.delete_rentalcontract"
    " billing.end_rentalcontract billing.take_deposit billing.settle_deposit"
).split()
CARD = "/customers/ALI001/widgets/rental-contracts/"


@pytest.fixture
def sam():
    return client_of(make_person("Sam", *SEES, *DOES))


@pytest.fixture
def alice():
    return make_customer("Alice Liddel", "ALI001")


def today():
    return timezone.localdate()


def post(client, action, pk=None, **data):
    answer = client.post(f"{CARD}{action}/" + (f"{pk}/" if pk else ""), data, headers={"HX-Request": "true"})
    trigger = json.loads(answer.headers.get("HX-Trigger", "{}"))
    return answer, trigger.get("toast", {}).get("text", "")


def terms(**more):
    usual = {"equipment": "Outdoor radio", "starts_on": today().isoformat(), "months": "12"}
    usual |= {"consumer": "on", "ending": "fixed", "ending_amount": "R 500.00", "ending_percent": "0"}
    return usual | {"notice_days": "20", "escalation": "0", "deposit": "800"} | more


def test_a_contract_is_added_changed_and_refused_beyond_24_months(sam, alice):
    assert "No existing contracts found" in sam.get(CARD).content.decode()
    answer, _ = post(sam, "add", **terms(months="36"))
    assert answer.status_code == 422
    assert "at most 24 months" in answer.content.decode()
    assert post(sam, "add", **terms())[1] == "Contract added."
    contract = RentalContract.objects.get()
    shown = sam.get(CARD).content.decode()
    assert "No deposit received of R 800.00 agreed" in shown
    assert "(R 500.00)" in shown
    changed = terms(months="24", seen=mark(contract))
    assert post(sam, "edit", contract.pk, **changed)[0].status_code == 204
    assert post(sam, "edit", contract.pk, **changed)[0].status_code == 422
    contract.refresh_from_db()
    assert contract.months == 24
    assert post(sam, "delete", contract.pk)[1] == "Contract deleted."


def test_ending_says_what_it_costs_and_leads_to_the_draft(sam, alice):
    item = make_item(alice, starts_on=today())
    contract = make_contract(alice, item=item, starts_on=today(), ending="fixed", ending_amount=Decimal(500))
    assert "Ending it today costs R 500.00" in sam.get(f"{CARD}end/{contract.pk}/").content.decode()
    data = {"told_on": today().isoformat(), "last": today().isoformat(), "reason": "Moved"}
    _, said = post(sam, "end", contract.pk, **data)
    assert said == f"It ends on {today()}. R 500.00 is drafted."
    assert post(sam, "end", contract.pk, **data)[0].status_code == 422
    shown = sam.get(CARD).content.decode()
    assert "Moved" in shown
    assert Document.objects.get().get_absolute_url() in shown


def test_a_deposit_is_shown_apart_and_settled_four_ways(sam, alice):
    contract = make_contract(alice)
    account = BankAccount.objects.create(name="FNB")
    data = {"amount": "800", "day": today().isoformat(), "account": account.pk}
    assert post(sam, "deposit", contract.pk, **data)[1] == "Held apart from what the customer owes."
    assert "Deposits held, apart from the balance" in sam.get(CARD).content.decode()
    invoice = make_invoice(alice, "100.00", today() - timedelta(days=30))

    def settle(what, amount, **more):
        return post(sam, "settle", contract.pk, what=what, amount=amount, **more)

    assert settle("pay", "100")[0].status_code == 422
    assert settle("forfeit", "100")[0].status_code == 422
    assert settle("pay", "100", document=invoice.pk)[1] == f"R 100.00 of {invoice} is paid."
    assert "is made and paid" in settle("forfeit", "230", reason="radio lost")[1]
    assert "is made and paid" in settle("apply", "115", reason="New cable")[1]
    assert settle("refund", "900", reason="Over", account=account.pk)[0].status_code == 422
    assert (
        settle("refund", "355", reason="Over", account=account.pk)[1] == "A second person is asked to agree."
    )
    assert ApprovalRequest.objects.get().kind == "deposit-refund"
    assert deposits.held(contract) == 355
    assert [entry.kind for entry in DepositEntry.objects.all()] == [
        "received",
        "applied",
        "forfeited",
        "applied",
    ]


def test_dora_sees_no_contracts_and_eve_changes_none(alice):
    contract = make_contract(alice)
    dora = client_of(make_person("Dora", "customers.view_customer"))
    eve = client_of(make_person("Eve", *SEES[:2]))
    assert dora.get(CARD).status_code == 403
    shown = eve.get(CARD).content.decode()
    assert "deposit" not in shown.lower()
    for action, pk in (
        ("add", None),
        *((one, contract.pk) for one in ("edit", "delete", "end", "deposit", "settle")),
    ):
        assert post(eve, action, pk)[0].status_code == 403, action


def test_the_card_asks_few_questions(alice, rf, django_assert_max_num_queries):
    for _ in range(6):
        make_contract(alice)
    request = rf.get("/")
    widget = RentalContracts(customer=alice, user=make_person("Eve", *SEES), request=request)
    with django_assert_max_num_queries(6):
        assert len(widget.context()["contracts"]) == 6
