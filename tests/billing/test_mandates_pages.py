"""The dialog of the payment method, the card of the debit order, the list of mandates, and banks in Setup."""

from __future__ import annotations

import pytest

from billing.models import DebitDetail, Mandate, PayerBank
from billing.services import mandates
from herotill.models import SecretReveal
from tests.factories import client_of, make_customer, make_person
from tests.factories.mandates import FNB, NOW, OTHER_FNB, make_detail, make_mandate, signed_form

pytestmark = pytest.mark.django_db
DIALOG = "/billing/customers/ALI001/payment/"
CARD = "/customers/ALI001/widgets/debit-order/"
HTMX = {"HX-Request": "true"}
SEES = ("customers.view_customer", "billing.view_debitdetail", "billing.view_mandate")
PAYS = (*SEES, "billing.change_billingprofile", "billing.add_debitdetail")


@pytest.fixture
def alice():
    return make_customer("Alice Liddel", "ALI001")


@pytest.fixture
def greta():
    return client_of(make_person("Greta", *PAYS))


def typed(**more):
    given = {
        "method": "debit_order",
        "debit_day": "25",
        "bank": PayerBank.objects.get(name="FNB / RMB").pk,
        "branch_name": "",
        "branch_code": "250655",
        "holder": "A Liddel",
        "account_type": "current",
        "number": FNB,
        "seen": "0",
    }
    return given | more


def test_the_dialog_opens_all_fields_once_direct_debit_is_chosen(alice, greta):
    opened = greta.get(DIALOG, headers=HTMX).content.decode()
    assert "Direct Debit (Debit Order)" in opened
    assert 'name="number"' not in opened
    fields = greta.post(f"{DIALOG}fields/", {"method": "debit_order"}, headers=HTMX).content.decode()
    for label in (
        "Debit order day",
        "Bank name",
        "Branch name",
        "Branch code",
        "Account name",
        "Account type",
    ):
        assert label in fields
    assert 'name="number"' in fields
    assert 'value="Alice Liddel"' in fields
    none = greta.post(f"{DIALOG}fields/", {"method": "eft"}, headers=HTMX).content.decode()
    assert "<input" not in none


def test_a_bank_brings_its_universal_code_and_its_name(alice, greta):
    bank = PayerBank.objects.get(name="Standard Bank")
    shown = greta.post(f"{DIALOG}branch/", {"bank": bank.pk}, headers=HTMX).content.decode()
    assert 'value="051001"' in shown
    assert 'value="Standard Bank"' in shown


def test_saving_keeps_method_and_account(alice, greta):
    done = greta.post(DIALOG, typed(), headers=HTMX)
    assert done.status_code == 204
    assert "debit-order" in done.headers["HX-Trigger"]
    alice.refresh_from_db()
    held = DebitDetail.objects.get(customer=alice)
    assert (alice.payment_method, held.branch_name) == ("debit_order", "FNB / RMB")
    assert greta.post(DIALOG, {"method": "cash", "seen": held.pk}, headers=HTMX).status_code == 204
    alice.refresh_from_db()
    assert alice.payment_method == "cash"
    assert DebitDetail.objects.get(customer=alice).replaced_at is None


def test_a_failing_number_is_said_clearly_and_everything_typed_stays(alice, greta):
    refused = greta.post(DIALOG, typed(number="62194875740", holder="A. Liddel"), headers=HTMX)
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "fails the rule of FNB" in text
    for kept in ('value="62194875740"', 'value="A. Liddel"', 'value="250655"'):
        assert kept in text
    assert 'name="override"' not in text
    sneaked = greta.post(DIALOG, typed(number="62194875740", override="Because"), headers=HTMX)
    assert sneaked.status_code == 422
    assert not DebitDetail.objects.exists()


def test_who_may_override_is_asked_why(alice):
    henry = client_of(make_person("Henry", *PAYS, "billing.override_account_check"))
    asked = henry.post(DIALOG, typed(number="62194875740"), headers=HTMX)
    assert asked.status_code == 422
    assert b'name="override"' in asked.content
    kept = henry.post(DIALOG, typed(number="62194875740", override="The bank's letter"), headers=HTMX)
    assert kept.status_code == 204
    assert DebitDetail.objects.get().check_overridden == "The bank's letter"


def test_a_branch_of_another_bank_is_said_once_and_then_kept(alice, greta):
    first = greta.post(DIALOG, typed(branch_code="632005"), headers=HTMX)
    assert first.status_code == 422
    assert b"belongs to Absa" in first.content
    assert b'name="branch_known" value="632005"' in first.content
    again = greta.post(DIALOG, typed(branch_code="632005", branch_known="632005"), headers=HTMX)
    assert again.status_code == 204


@pytest.mark.parametrize("code", ["25065", "2506555", "25065X", "", "２５０６５５"])
def test_a_branch_code_has_exactly_six_digits(alice, greta, code):
    refused = greta.post(DIALOG, typed(branch_code=code), headers=HTMX)
    assert refused.status_code == 422
    assert not DebitDetail.objects.exists()


def test_control_characters_are_refused(alice, greta):
    refused = greta.post(DIALOG, typed(holder="A\tLiddel"), headers=HTMX)
    assert refused.status_code == 422
    assert b"control character" in refused.content


def test_what_is_doubtful_is_said_while_typing(alice, greta):
    data = {key: typed()[key] for key in ("bank", "account_type")}
    wrong = data | {"number": "62194875740", "branch_code": "632005"}
    said = greta.post(f"{DIALOG}check/", wrong, headers=HTMX).content.decode()
    assert "fails the rule" in said
    assert "belongs to Absa" in said
    right = data | {"number": FNB, "branch_code": "250655"}
    assert not greta.post(f"{DIALOG}check/", right, headers=HTMX).content.strip()


def test_the_number_that_is_kept_is_shown_masked_and_left_empty_stays(alice, greta):
    held = make_detail(alice)
    opened = greta.get(DIALOG, headers=HTMX).content.decode()
    assert FNB not in opened
    fields = greta.post(f"{DIALOG}fields/", {"method": "debit_order"}, headers=HTMX).content.decode()
    assert "•••• 5749" in fields
    saved = greta.post(DIALOG, typed(number="", debit_day="1", seen=held.pk), headers=HTMX)
    assert saved.status_code == 204
    new = DebitDetail.objects.get(replaced_at=None)
    assert (new.debit_day, str(new.number)) == (1, "•••• 5749")


def test_who_may_not_capture_accounts_may_still_say_how_somebody_pays(alice):
    ivy = client_of(make_person("Ivy", *SEES, "billing.change_billingprofile"))
    shown = ivy.post(f"{DIALOG}fields/", {"method": "debit_order"}, headers=HTMX).content.decode()
    assert "<input" not in shown
    assert "may capture debit-order details" in shown
    assert ivy.post(DIALOG, typed(), headers=HTMX).status_code == 204
    assert not DebitDetail.objects.exists()
    alice.refresh_from_db()
    assert alice.payment_method == "debit_order"
    assert client_of(make_person("Dora", *SEES)).get(DIALOG).status_code == 403


def test_two_people_at_once_are_told(alice, greta):
    held = make_detail(alice)
    make_detail(alice, number=OTHER_FNB)
    told = greta.post(DIALOG, typed(seen=held.pk), headers=HTMX)
    assert told.status_code == 422
    assert b"Somebody else changed" in told.content


def test_the_card_tells_account_and_mandate_in_few_questions(alice, greta, django_assert_max_num_queries):
    make_mandate(alice, maximum="900.00")
    make_detail(alice, debit_day=1)
    with django_assert_max_num_queries(12):
        text = greta.get(CARD).content.decode()
    for said in ("FNB / RMB", "•••• 5749", "Active", "ALI001-1", "R 900.00", "Change payment method"):
        assert said in text
    assert FNB not in text
    assert "Block" not in text
    assert client_of(make_person("Dora", "customers.view_customer")).get(CARD).status_code == 403


def test_mandates_are_asked_captured_blocked_and_cancelled_on_the_card(alice):
    make_detail(alice)
    person = make_person(
        "Karl", *PAYS, "billing.add_mandate", "billing.block_mandate", "billing.view_billingprofile"
    )
    karl = client_of(person)
    assert b"Ask for a mandate" in karl.get(CARD).content
    refused = karl.post(f"{CARD}paper/", {"signed_on": "2026-11-01", "holiday": "after"}, headers=HTMX)
    assert refused.status_code == 422
    assert b"Attach the signed form" in refused.content
    asked = karl.post(f"{CARD}ask/", {"to": alice.contact_email, "holiday": "before"}, headers=HTMX)
    assert asked.status_code == 204
    assert Mandate.objects.get().holiday == "before"
    captured = karl.post(
        f"{CARD}paper/",
        {"file": signed_form(), "signed_on": "2026-11-01", "holiday": "after", "maximum": "R 1 200"},
        headers=HTMX,
    )
    assert captured.status_code == 204
    mandate = Mandate.objects.get(status="active")
    assert b"Ask for a mandate" not in karl.get(CARD).content
    assert karl.post(f"{CARD}block/{mandate.pk}/", {"why": "Phoned"}, headers=HTMX).status_code == 204
    assert b"Unblock" in karl.get(CARD).content
    assert karl.post(f"{CARD}unblock/{mandate.pk}/", {}, headers=HTMX).status_code == 204
    assert karl.post(f"{CARD}cancel/{mandate.pk}/", {"why": "EFT"}, headers=HTMX).status_code == 204
    mandate.refresh_from_db()
    assert mandate.status == "cancelled"


@pytest.mark.django_db(transaction=True)
def test_s25_the_number_is_revealed_with_right_and_reason_and_on_record(alice):
    make_detail(alice)
    greta = client_of(make_person("Greta", *PAYS))
    assert greta.post(f"{CARD}number/", {"reason": "Bank asks"}, headers=HTMX).status_code == 403
    henry = client_of(make_person("Henry", *SEES, "billing.reveal_account_number"))
    assert henry.post(f"{CARD}number/", {"reason": ""}, headers=HTMX).status_code == 422
    shown = henry.post(f"{CARD}number/", {"reason": "The bank asks"}, headers=HTMX)
    assert FNB in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    noted = SecretReveal.objects.get()
    assert (noted.customer_id, noted.reason, noted.field) == (alice.pk, "The bank asks", "account number")


def test_the_list_finds_exports_and_masks(alice, django_assert_max_num_queries):
    make_mandate(alice)
    bob = make_customer("Bob Builder", "BOB001")
    theirs = make_mandate(bob)
    mandates.block(mandate=theirs, code="12", why="Account closed", actor=None, now=NOW)
    greta = client_of(make_person("Greta", *SEES))
    with django_assert_max_num_queries(20):
        text = greta.get("/billing/mandates/").content.decode()
    assert "ALI001-1" in text
    assert "•••• 5749" in text
    blocked = greta.get("/billing/mandates/?status=blocked").content.decode()
    assert "BOB001-1" in blocked
    assert "ALI001-1" not in blocked
    found = greta.get("/billing/mandates/?q=ALI001").content.decode()
    assert "BOB001-1" not in found
    assert client_of(make_person("Dora")).get("/billing/mandates/").status_code == 403


def test_billing_details_say_where_the_debit_comes_from_in_one_question(alice, django_assert_num_queries):
    from billing.selectors.mandates import summary

    assert summary(alice) == []
    make_detail(alice)
    with django_assert_num_queries(1):
        told = summary(alice)
    assert told == [
        ("Debit order", "FNB / RMB •••• 5749, on day 25"),
        ("Mandate", "None: nothing is debited"),
    ]
    make_mandate(alice)
    assert summary(alice)[1] == ("Mandate", "Active")


def test_a_bank_of_customers_is_kept_in_setup():
    greta = client_of(make_person("Greta", "billing.view_payerbank", "billing.add_payerbank"))
    assert b"Banks of customers" in greta.get("/setup/payer-banks/").content
    data = {"name": "Ithala", "branch_code": "754126", "check_rule": "african"}
    assert greta.post("/setup/payer-banks/new/", data, headers=HTMX).status_code == 204
    bad = greta.post("/setup/payer-banks/new/", data | {"name": "X", "branch_code": "754"}, headers=HTMX)
    assert bad.status_code == 422
    assert PayerBank.objects.get(name="Ithala").check_rule == "african"


def test_a_card_is_verified_by_its_holder(alice):
    asked = client_of(make_person("Karl", *PAYS, "billing.request_verification"))
    shown = asked.post(f"{DIALOG}fields/", {"method": "credit_card"}, headers=HTMX).content.decode()
    assert "Request Verification New" in shown
    assert "<input" not in shown
    mira = client_of(make_person("Mira", *PAYS))
    assert b"Request" not in mira.post(f"{DIALOG}fields/", {"method": "credit_card"}, headers=HTMX).content
