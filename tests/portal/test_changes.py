"""Alice asks for changes at the portal, sees what became of them, and looks through what staff ask her to check."""

from __future__ import annotations

import pytest

from billing.models import Mandate
from customers.models import Customer, DetailsCheck
from customers.services import details_checks
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.secrets import decrypt
from tests.factories import make_person
from tests.factories.changes import NOW, ask_change, new_account
from tests.factories.mandates import ABSA, make_mandate
from tests.portal.conftest import at_portal, login_of
from workflow.models import ChangeRequest
from workflow.services import change_requests

pytestmark = pytest.mark.django_db
DETAILS = "/portal/details/change/details/"
PAYMENT = "/portal/details/change/payment/"
NASTY = "{{7*7}} <img src=http://x.example/a>"
RIGHTS = ("customers.view_customer", "customers.ask_details_check")


def given(page, url: str, **more: str) -> dict[str, str]:
    """What the form holds when Alice opens it, and what she types over it."""
    form = page.get(url).context["form"]
    return {name: str(form[name].value() or "") for name in form.fields} | more


def test_alice_asks_for_another_street_and_nothing_changes_yet(alice):
    page = at_portal(alice)
    filled = given(page, DETAILS, physical_lines="9 Mad Lane", physical_town="Parys", words="We moved.")
    answer = page.post(DETAILS, filled, follow=True)
    one = ChangeRequest.objects.get()
    assert answer.redirect_chain[-1][0] == f"/portal/changes/{one.pk}/"
    assert "9 Mad Lane" in answer.text
    assert (one.origin, one.asked_by, one.words) == ("portal", login_of(alice), "We moved.")
    assert set(one.wanted) == {"physical_lines", "physical_town"}
    assert not alice.addresses.exists()


def test_s10_whoever_is_the_contact_now_is_told_at_once(alice):
    page = at_portal(alice)
    page.post(DETAILS, given(page, DETAILS, email="thief@example.com"))
    told = Message.objects.filter(template="change-request-asked")
    assert [one.address for one in told] == ["alice@example.com"]


@pytest.mark.parametrize("name", ["code", "status", "master", "balance", "group", "prepaid"])
def test_s10_what_is_not_on_the_form_is_not_asked_for(alice, name):
    page = at_portal(alice)
    page.post(DETAILS, given(page, DETAILS, surname="Hargreaves", **{name: "1"}))
    assert ChangeRequest.objects.get().wanted == {"surname": "Hargreaves"}


def test_s10_another_account_is_kept_secret_and_ends_the_mandate_when_accepted(alice):
    make_mandate(alice)
    Customer.objects.filter(pk=alice.pk).update(payment_method="debit_order")
    page = at_portal(alice)
    answer = page.post(PAYMENT, given(page, PAYMENT, **new_account()), follow=True)
    one = ChangeRequest.objects.get()
    assert decrypt(one.number.token) == ABSA
    assert ABSA not in answer.text
    assert "the mandate you signed ends" in answer.text
    assert Mandate.objects.get().status == "active"
    change_requests.accept(request=one, version=1, actor=make_person("Greta"), now=NOW)
    assert Mandate.objects.get().status == "cancelled"
    assert "Done" in page.get(f"/portal/changes/{one.pk}/").text


def test_what_cannot_be_is_said_at_its_field_and_what_was_typed_stays(alice):
    page = at_portal(alice)
    answer = page.post(PAYMENT, given(page, PAYMENT, **new_account(number="123")))
    assert answer.status_code == 422
    assert answer.context["form"].errors["number"]
    assert 'value="A Liddel"' in answer.text
    assert not ChangeRequest.objects.exists()


def test_asking_for_what_stands_is_no_request(alice):
    page = at_portal(alice)
    answer = page.post(DETAILS, given(page, DETAILS))
    assert "Nothing would change" in answer.text
    assert not ChangeRequest.objects.exists()


def test_alice_becomes_a_company_on_request_and_her_id_number_is_not_shown(alice):
    Customer.objects.filter(pk=alice.pk).update(id_number="8001015009087")
    page = at_portal(alice)
    url = "/portal/details/change/conversion/"
    assert "8001015009087" not in page.get(url).text
    filled = given(page, url, company_name="Tea Parties CC", contact_name="Alice Liddel")
    page.post(url, filled)
    one = ChangeRequest.objects.get()
    assert (one.wanted["kind"], one.wanted["company_name"]) == ("company", "Tea Parties CC")
    change_requests.accept(request=one, version=1, actor=make_person("Greta"), now=NOW)
    alice.refresh_from_db()
    assert alice.name == "Tea Parties CC"
    assert "8001015009087" not in page.get("/portal/details/").text


def test_alice_takes_a_request_back_once(alice):
    one = ask_change(alice, surname="Hargreaves")
    page = at_portal(alice)
    assert "Taken back" in page.post(f"/portal/changes/{one.pk}/withdraw/", follow=True).text
    one.refresh_from_db()
    assert (one.state, one.decided_by) == ("withdrawn", login_of(alice))
    again = page.post(f"/portal/changes/{one.pk}/withdraw/", follow=True)
    assert "decided or withdrawn already" in again.text


def test_alice_reads_why_her_request_was_not_accepted(alice):
    one = ask_change(alice, surname="Hargreaves")
    change_requests.reject(
        request=one, why="Please send the certificate.", actor=make_person("Greta"), now=NOW
    )
    for url in ("/portal/details/", "/portal/changes/", f"/portal/changes/{one.pk}/"):
        text = at_portal(alice).get(url).text
        assert "Not accepted" in text
        assert "Please send the certificate." in text
        assert "Greta" not in text


def test_bob_sees_none_of_alices_requests(alice, bob):
    one = ask_change(alice, surname="Hargreaves")
    page = at_portal(bob)
    assert page.get(f"/portal/changes/{one.pk}/").status_code == 404
    assert page.post(f"/portal/changes/{one.pk}/withdraw/").status_code == 404
    one.refresh_from_db()
    assert one.state == "waiting"


def test_s24_reading_any_of_these_pages_changes_nothing(alice):
    one = ask_change(alice, surname="Hargreaves")
    details_checks.ask(customers=[alice], what=["details"], words="", actor=None, now=NOW)
    page = at_portal(alice)
    for url in ("details/check/right", f"changes/{one.pk}/withdraw", "privacy/copy", "privacy/forget"):
        assert page.get(f"/portal/{url}/").status_code == 405
    page.get("/portal/details/check/")
    one.refresh_from_db()
    assert one.state == "waiting"
    assert DetailsCheck.objects.get().state == "waiting"


def test_s19_names_are_text_wherever_they_stand(alice):
    ask_change(alice, surname=NASTY)
    Customer.objects.filter(pk=alice.pk).update(surname=NASTY)
    for url in ("details", "changes", f"changes/{ChangeRequest.objects.get().pk}"):
        text = at_portal(alice).get(f"/portal/{url}/").text
        assert "<img src=http" not in text
        assert "{{7*7}}" in text or url == "changes"


def test_greta_asks_alice_to_check_and_alice_says_all_is_right(alice, client):
    greta = make_person("Greta", *RIGHTS)
    client.force_login(greta)
    act = f"/customers/{alice.code}/widgets/account-details/request-update/"
    client.post(act, {"what": ["details", "payment"], "words": "Your street?"})
    check = DetailsCheck.objects.get()
    assert (check.asked_by, check.state) == (greta, "waiting")
    assert Message.objects.get(template="details-check").context["words"] == "Your street?"
    page = at_portal(alice)
    assert "Please check your details" in page.get("/portal/").text
    asked = page.get("/portal/details/check/").text
    assert "Your street?" in asked
    page.post("/portal/details/check/right/")
    check.refresh_from_db()
    assert (check.state, check.answered_by) == ("confirmed", login_of(alice))
    assert "Please check your details" not in page.get("/portal/").text
    card = client.get(f"/customers/{alice.code}/widgets/account-details/").text
    assert "All is right" in card


def test_dora_may_not_ask_customers_to_check(alice, client):
    client.force_login(make_person("Dora", "customers.view_customer"))
    act = f"/customers/{alice.code}/widgets/account-details/request-update/"
    assert client.post(act, {"what": ["details"]}).status_code in (403, 404)
    assert not DetailsCheck.objects.exists()


def test_asking_for_a_change_answers_the_check(alice):
    details_checks.ask(customers=[alice], what=["details"], words="", actor=None, now=NOW)
    page = at_portal(alice)
    page.post(DETAILS, given(page, DETAILS, surname="Hargreaves"))
    assert DetailsCheck.objects.get().state == "changed"


def test_many_are_asked_at_once_and_asking_anew_replaces(alice, bob, django_assert_max_num_queries):
    details_checks.ask(customers=[alice], what=["details"], words="", actor=None, now=NOW)
    with django_assert_max_num_queries(12):
        count = details_checks.ask(customers=[alice, bob], what=["contacts"], words="", actor=None, now=NOW)
    assert count == 2
    states = DetailsCheck.objects.filter(customer=alice).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["replaced", "waiting"]


def test_s14_clients_of_a_reseller_are_not_written_to(alice, bob):
    Customer.objects.filter(pk=bob.pk).update(is_reseller=True)
    Customer.objects.filter(pk=alice.pk).update(master=bob)
    with pytest.raises(DomainError, match="Nobody is left to ask"):
        details_checks.ask(customers=[alice], what=["details"], words="", actor=None, now=NOW)
    assert not Message.objects.filter(template="details-check").exists()


def test_s23_a_master_sees_the_sub_but_not_its_numbers_bank_or_requests(alice, bob):
    Customer.objects.filter(pk=alice.pk).update(master=bob, id_number="8001015009087")
    make_mandate(alice)
    Customer.objects.filter(pk=alice.pk).update(payment_method="debit_order")
    one = ask_change(alice, surname="Hargreaves")
    page = at_portal(bob)
    page.post("/portal/accounts/switch/", {"code": "ALI001"})
    seen = page.get("/portal/details/").text
    assert "ALI001" in seen
    assert "9087" not in seen
    assert "How you pay" not in seen
    assert "Hargreaves" not in seen
    private = (
        f"changes changes/{one.pk} details/change/payment contacts documents messages privacy details/check"
    )
    for url in private.split():
        assert page.get(f"/portal/{url}/").status_code == 404
    assert page.post(DETAILS, {"surname": "Thief"}).status_code == 404
    at_portal(alice).post("/portal/sharing/", {"share": "1"})
    assert "How you pay" in page.get("/portal/details/").text
