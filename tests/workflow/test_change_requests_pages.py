"""The screens of change requests: Update, the dialog with the decision, the page of each, the card on the profile."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from customers.models import Address, Contact, Customer
from customers.services import anonymising
from herotill.models import AuditEvent, SecretReveal
from tests.factories import client_of, make_customer, make_person
from tests.factories.changes import ask_change, new_account
from tests.factories.mandates import ABSA, make_mandate
from tests.factories.people import in_role
from workflow.models import ChangeRequest
from workflow.selectors import change_requests as reading
from workflow.services import change_requests

pytestmark = pytest.mark.django_db
UPDATE, ALL = "/workflow/customers/update/", "/workflow/change-requests/"
CARD = "/customers/ALI001/widgets/change-requests/"
HTMX = {"HX-Request": "true"}
SEES = ("customers.view_customer", "workflow.view_changerequest")
DECIDES = (*SEES, "workflow.decide_changerequest", "customers.change_customer")
ENTERS = (*SEES, "workflow.add_changerequest")
PAYS = ("billing.change_billingprofile", "billing.add_debitdetail")


@pytest.fixture
def alice():
    return make_customer("Alice Liddel", "ALI001", contact={"email": "alice@example.com"})


@pytest.fixture
def greta():
    return client_of(make_person("Greta", *DECIDES))


@pytest.fixture
def sam():
    return client_of(make_person("Sam", *ENTERS))


def look(client, one):
    return client.get(f"{ALL}{one.pk}/look/", headers=HTMX)


def decide(client, one, decision, dialog=None, **typed):
    text = (dialog or look(client, one)).content.decode()
    hidden = {name: re.search(f'name="{name}" value="([^"]*)"', text)[1] for name in ("version", "shown")}
    return client.post(f"{ALL}{one.pk}/look/", hidden | {"decision": decision} | typed, headers=HTMX)


def test_a_request_is_seen_beside_what_stands_and_accepted(alice, greta):
    one = ask_change(alice, surname="Hargreaves")
    listed = greta.get(UPDATE).content.decode()
    assert "Alice Liddel" in listed
    assert "View request" in listed
    dialog = look(greta, one)
    for words in ("Liddel", "Hargreaves", "Different", "Accept changes", "Reject changes"):
        assert words in dialog.content.decode()
    done = decide(greta, one, "accept", dialog)
    assert (done.status_code, "list-changed" in done.headers["HX-Trigger"]) == (204, True)
    alice.refresh_from_db()
    assert alice.surname == "Hargreaves"
    assert f"/{one.pk}/look/" not in greta.get(UPDATE).content.decode(), "the line has left"
    kept = greta.get(ALL).content.decode()
    assert f"/workflow/change-requests/{one.pk}/" in kept
    page = greta.get(f"{ALL}{one.pk}/").content.decode()
    assert "Accepted" in page
    assert "Liddel" in page, "what stood when it was asked"


def test_rejecting_without_a_reason_is_refused_where_it_was_pressed(alice, greta):
    one = ask_change(alice, surname="Hargreaves")
    refused = decide(greta, one, "reject")
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()
    assert decide(greta, one, "reject", why="No certificate").status_code == 204
    one.refresh_from_db()
    assert (one.state, one.why) == ("rejected", "No certificate")


def test_s10_a_stale_dialog_is_refused_and_shows_what_changed(alice, greta):
    one = ask_change(alice, surname="Hargreaves", phone="0821234567")
    opened = look(greta, one)
    Contact.objects.filter(customer=alice).update(phone="+27829998888")
    refused = decide(greta, one, "accept", opened)
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "Changed since you looked: Contact tel." in text
    assert text.count("Changed meanwhile") == 1
    assert "082 999 8888" in text
    assert decide(greta, one, "accept", refused).status_code == 204, "now it was shown"


def test_s10_a_new_version_is_shown_before_it_counts(alice, greta):
    one = ask_change(alice, surname="Hargreaves")
    opened = look(greta, one)
    ask_change(alice, surname="Hatter")
    refused = decide(greta, one, "accept", opened)
    assert refused.status_code == 422
    assert "Hatter" in refused.content.decode()
    alice.refresh_from_db()
    assert alice.surname == "Liddel"


def test_who_may_not_decide_only_looks(alice, sam, greta):
    one = ask_change(alice, surname="Hargreaves")
    text = look(sam, one).content.decode()
    assert "Hargreaves" in text
    assert "Accept changes" not in text
    given = {"decision": "accept", "version": 1, "shown": reading.comparison(one).shown}
    assert sam.post(f"{ALL}{one.pk}/look/", given, headers=HTMX).status_code == 422
    dora = client_of(make_person("Dora", "customers.view_customer"))
    for address in (UPDATE, ALL, f"{ALL}{one.pk}/", f"{ALL}{one.pk}/look/", CARD):
        assert dora.get(address).status_code == 403, address
    one.refresh_from_db()
    assert one.state == "waiting"


def test_accepting_needs_the_rights_to_make_the_change_by_hand(alice, greta):
    one = ask_change(alice, "payment", **new_account())
    text = look(greta, one).content.decode()
    assert "Reject changes" in text
    assert "Accept changes" not in text
    shown = {"decision": "accept", "version": 1, "shown": reading.comparison(one).shown}
    assert greta.post(f"{ALL}{one.pk}/look/", shown, headers=HTMX).status_code == 422
    henry = client_of(make_person("Henry", *DECIDES, *PAYS))
    assert decide(henry, one, "accept").status_code == 204


def test_id_numbers_are_hidden_from_who_may_not_see_them(alice, greta):
    Customer.objects.filter(pk=alice.pk).update(id_number="8001015009087")
    one = ask_change(alice, "conversion", company_name="Rabbit Holes", registration_number="2018/123456/07")
    text = look(greta, one).content.decode()
    assert "2018/123456/07" not in text
    assert "your permissions do not include this" in text
    assert "Accept changes" not in text
    numbers = ("customers.see_id_numbers", "customers.change_id_numbers")
    henry = client_of(make_person("Henry", *DECIDES, *numbers))
    assert "2018/123456/07" in look(henry, one).content.decode()
    assert decide(henry, one, "accept").status_code == 204


def test_the_end_of_the_mandate_is_said_before_and_after(alice):
    make_mandate(alice)
    henry = client_of(make_person("Henry", *DECIDES, *PAYS))
    one = ask_change(alice, "payment", **new_account())
    assert "accepting ends the mandate" in look(henry, one).content.decode()
    done = decide(henry, one, "accept")
    assert "ask for a new one" in done.headers["HX-Trigger"]


def test_the_account_number_is_shown_for_a_reason_while_it_waits(alice, greta):
    one = ask_change(alice, "payment", **new_account())
    assert ABSA not in greta.get(f"{ALL}{one.pk}/").content.decode()
    assert greta.get(f"{ALL}{one.pk}/number/").status_code == 403
    iris = client_of(make_person("Iris", *SEES, "billing.reveal_account_number"))
    assert "Show number" in iris.get(f"{ALL}{one.pk}/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_showing_the_number_is_on_record():
    bob = make_customer("Bob Roux", "BOB001")
    one = ask_change(bob, "payment", **new_account())
    iris = client_of(make_person("Iris", *SEES, "billing.reveal_account_number"))
    shown = iris.post(f"{ALL}{one.pk}/number/", {"reason": "Bank asks"}, headers=HTMX)
    assert ABSA in shown.content.decode()
    assert SecretReveal.objects.get().reason == "Bank asks"


def test_staff_enter_requests_of_each_kind_on_the_profile(alice, sam):
    opened = sam.get(f"{CARD}details/", headers=HTMX).content.decode()
    assert 'value="Liddel"' in opened
    typed = {"first_names": "Alice", "surname": "Hargreaves", "contact_name": "Alice Liddel"}
    typed |= {"email": "alice@example.com", "phone": reading.current(alice, "details")["phone"]}
    missing = sam.post(f"{CARD}details/", typed, headers=HTMX)
    assert (missing.status_code, "Shown by" in missing.content.decode()) == (422, True)
    assert sam.post(f"{CARD}details/", typed | {"document": "Letter"}, headers=HTMX).status_code == 204
    one = ChangeRequest.objects.get()
    assert (one.wanted, one.origin) == ({"surname": "Hargreaves"}, "staff")

    account = new_account() | {"document": "Letter"}
    assert sam.post(f"{CARD}payment/", account | {"number": ""}, headers=HTMX).status_code == 422
    assert sam.post(f"{CARD}payment/", account, headers=HTMX).status_code == 204
    company = {"company_name": "Rabbit Holes", "contact_name": "Alice Liddel", "document": "Letter"}
    assert sam.post(f"{CARD}conversion/", company, headers=HTMX).status_code == 204
    kinds = ChangeRequest.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["details", "payment", "conversion"]
    viewer = client_of(make_person("Vera", *SEES))
    assert viewer.get(f"{CARD}details/", headers=HTMX).status_code == 403
    assert "Details…" not in viewer.get(CARD).content.decode()


def test_the_profile_says_that_a_request_waits(alice, greta):
    one = ask_change(alice, surname="Hargreaves")
    head = greta.get("/customers/ALI001/head/").content.decode()
    assert "Waits for a decision: account details" in head
    assert f"{ALL}{one.pk}/" in head
    decide(greta, one, "accept")
    assert "Waits for a decision" not in greta.get("/customers/ALI001/head/").content.decode()


def test_a_request_is_withdrawn_from_its_page(alice, sam, greta):
    one = ask_change(alice, surname="Hargreaves")
    assert greta.post(f"{ALL}{one.pk}/withdraw/").status_code == 403
    assert sam.post(f"{ALL}{one.pk}/withdraw/", {"why": "A mistake"}, headers=HTMX).status_code == 200
    one.refresh_from_db()
    assert (one.state, one.why) == ("withdrawn", "A mistake")


def test_the_audit_trail_names_the_decision_and_not_the_values(alice, greta):
    one = ask_change(alice, email="alice.h@example.com")
    decide(greta, one, "accept")
    events = AuditEvent.objects.filter(model="workflow.changerequest", customer_id=alice.pk).order_by("pk")
    assert [event.operation for event in events] == ["add", "change"]
    assert events.last().new["state"] == "accepted"
    assert all("alice.h@" not in f"{event.old}{event.new}" for event in events)


def test_looking_changes_nothing_and_counts_show_in_the_navigation(alice):
    cache.clear()
    ask_change(alice, surname="Hargreaves")
    manager = client_of(in_role("Mandla", "manager"))
    page = manager.get(UPDATE).content.decode()
    assert 'aria-current="page">Update <span class="count">1</span>' in page
    assert "Customer Requested Changes" in page, "in the navigation, under Customers"
    new = manager.get("/workflow/customers/new/").content.decode()
    assert '/workflow/customers/update/">Update' in new
    assert ChangeRequest.objects.get().state == "waiting"


def test_lists_are_filtered_searched_and_exported(alice, greta):
    bob = make_customer("Bob Roux", "BOB001")
    ask_change(alice, surname="Hargreaves")
    ask_change(bob, "payment", method="cash")
    assert "Bob Roux" not in greta.get(f"{ALL}?kind=details").content.decode()
    assert "Alice" not in greta.get(f"{ALL}?customer=bob001").content.decode().split("<table")[1]
    assert "Alice" in greta.get(f"{UPDATE}?q=ali").content.decode().split("<table")[1]
    assert "Alice" not in greta.get(f"{UPDATE}?q=nobody").content.decode().split("<main")[1]
    export = b"".join(greta.post(f"{ALL}list/export/", {"format": "csv"}).streaming_content).decode()
    assert ("Alice Liddel" in export, "Bob Roux" in export) == (True, True)


def test_lists_take_no_more_queries_for_more_rows(greta, django_assert_max_num_queries):
    for number in range(12):
        ask_change(make_customer(f"Bob Roux{number}"), surname="Marais")
    greta.get(UPDATE)
    for address in (UPDATE, ALL):
        with django_assert_max_num_queries(15):
            greta.get(address)
    one = ChangeRequest.objects.order_by("pk").first()
    with django_assert_max_num_queries(15):
        look(greta, one)


def test_s19_what_customers_type_is_shown_as_text(alice, greta):
    one = ask_change(alice, surname="<img src=http://x.example>{{ 7*7 }}", words="<script>alert(1)</script>")
    for text in (look(greta, one).content.decode(), greta.get(f"{ALL}{one.pk}/").content.decode()):
        assert "<img src" not in text
        assert "<script>alert" not in text
        assert "{{ 7*7 }}" in text


def test_a_former_customer_s_requests_are_blanked(alice):
    manager = make_person("Mandla")
    Address.objects.create(customer=alice, kind="physical", lines="12 Protea Street")
    one = ask_change(
        alice, surname="Hargreaves", physical_lines="9 Rose Street", actor=manager, document="Letter"
    )
    Customer.objects.filter(pk=alice.pk).update(status="cancelled")
    alice.refresh_from_db()
    assert "change request is not decided" in anonymising.refusal(customer=alice, day=timezone.localdate())
    change_requests.reject(request=one, why="Hargreaves is her aunt", actor=manager, now=timezone.now())
    anonymising.anonymise(
        customers=[alice.pk], reason="Over", asked_by=manager, approved_by=None, now=timezone.now()
    )
    one.refresh_from_db()
    assert (one.state, one.decided_by, one.wanted, one.seen) == ("rejected", manager, {}, {})
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(r)::text FROM workflow_changerequest r")
        kept = cursor.fetchone()[0]
    assert not any(word in kept for word in ("Hargreaves", "Rose", "Letter", "Liddel"))
