"""The screens: what was said, what may still be done, what templates say, the gateway."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from herotill.messages.models import Consent, Message, SmsGateway, Wording
from herotill.messages.services import outbox, sending
from herotill.users.models import User
from tests.factories import make_customer, make_person
from tests.factories.people import client_of, in_role

pytestmark = pytest.mark.django_db
CONTEXT = {"name": "Alice", "number": "INV00001", "amount": "R 10.00"}
SEE = ("customers.view_customer", "outbox.view_message")


@pytest.fixture
def said(now: datetime) -> Message:
    """A bill that went to Alice."""
    alice = make_customer("Alice Liddel", "ALI001", contact={"email": "alice@example.com"})
    outbox.queue(template="test-bill", customer_id=alice.pk, context=CONTEXT, now=now)
    sending.send_mail(now)
    return Message.objects.get()


@pytest.fixture
def desk() -> Client:
    person = in_role("Naledi", "administrator", email="naledi@isp.example")
    person.set_password("correct horse battery")
    person.save()
    return client_of(person)


def test_the_list_finds_filters_and_names_the_customer(said: Message, now: datetime) -> None:
    bob = client_of(make_person("Bob", *SEE))
    outbox.queue(template="test-word", to="+27821234567", context={"name": "B"}, now=now - timedelta(days=3))
    shown = {
        query: re.findall(r"Your bill INV00001|A word", bob.get(f"/messages/?{query}").content.decode())
        for query in (
            "",
            "state=sent",
            "channel=sms",
            "customer=ali001",
            "customer=NOB001",
            "q=alice",
            "q=082 123 4567",
            f"until={(now - timedelta(days=2)).date()}",
            f"since={(now - timedelta(days=1)).date()}",
        )
    }
    bill, text = ["Your bill INV00001"], ["A word"]
    assert [len(each) for each in shown.values()] == [2, 1, 1, 1, 0, 1, 1, 1, 1]
    assert shown["state=sent"] == shown["customer=ali001"] == shown["q=alice"] == bill
    assert shown["channel=sms"] == shown["q=082 123 4567"] == text
    assert b"Alice Liddel (ALI001)" in bob.get("/messages/").content


def test_the_list_costs_the_same_however_long_it_is(
    now: datetime, django_assert_max_num_queries: Any
) -> None:
    alice = make_customer("Alice Liddel", "ALI001")
    bob = client_of(make_person("Bob", *SEE))
    some = [outbox.New(customer_id=alice.pk, to="a@example.com") for _ in range(60)]
    outbox.queue_many(some, template="test-bill", now=now)
    bob.get("/messages/")
    with django_assert_max_num_queries(11):
        assert bob.get("/messages/").content.count(b"Alice Liddel (ALI001)") == 50


def test_a_message_is_shown_as_it_was_sent_and_as_it_would_be(said: Message, now: datetime) -> None:
    bob = client_of(make_person("Bob", *SEE))
    page = bob.get(f"/messages/{said.pk}/").content.decode()
    assert "Dear Alice,\n\nplease pay R 10.00." in page
    assert "Send again" not in page
    weapon = {"name": "<img src=http://evil.example/x>", "number": "1", "amount": "2"}
    outbox.queue(template="test-bill", to="eve@example.com", context=weapon, now=now)
    waiting = Message.objects.get(state="waiting")
    page = bob.get(f"/messages/{waiting.pk}/").content.decode()
    assert "As it would be sent now" in page
    assert "&lt;img src=http" in page
    assert "<img src=http" not in page


def test_sending_again_and_stopping_ask_their_rights(said: Message, now: datetime) -> None:
    bob = client_of(make_person("Bob", *SEE))
    thandi = client_of(make_person("Thandi", *SEE, "outbox.send_again", "outbox.cancel_message"))
    for deed in ("again", "cancel", "release"):
        assert bob.post(f"/messages/{said.pk}/{deed}/").status_code == 403
    thandi.post(f"/messages/{said.pk}/again/")
    copy = Message.objects.get(again=said.pk)
    assert (copy.state, copy.address, copy.queued_by) == (
        "waiting",
        said.address,
        User.objects.get(name="Thandi").pk,
    )
    assert b"still on its way" in thandi.post(f"/messages/{copy.pk}/again/", follow=True).content
    thandi.post(f"/messages/{copy.pk}/cancel/")
    copy.refresh_from_db()
    assert copy.state == "cancelled"
    assert b"does not wait any more" in thandi.post(f"/messages/{copy.pk}/cancel/", follow=True).content
    outbox.queue(template="test-bill", to="held@example.com", context=CONTEXT, now=now, held=True)
    held = Message.objects.get(state="held")
    assert sending.send_mail(now) == "0 sent."
    thandi.post(f"/messages/{held.pk}/release/")
    assert sending.send_mail(now + timedelta(minutes=1)) == "1 sent."


def test_the_start_page_counts_what_did_not_arrive(said: Message) -> None:
    bob = client_of(make_person("Bob", *SEE))
    assert b"did not arrive" not in bob.get("/").content
    Message.objects.update(state="unknown")
    assert b"0 failed, 1 unknown this week" in bob.get("/").content


def test_the_card_shows_what_was_said_and_finds_in_it(
    said: Message, django_assert_max_num_queries: Any
) -> None:
    bob = client_of(make_person("Bob", *SEE))
    card = "/customers/ALI001/widgets/messages-sent/"
    with django_assert_max_num_queries(10):
        shown = bob.get(card).content.decode()
    assert "Your bill INV00001" in shown
    assert "alice@example.com" in shown
    assert "Marketing" not in shown
    assert "Nothing was said with these words" in bob.get(f"{card}?q=nothing").content.decode()
    assert "Your bill" in bob.get(f"{card}?q=please").content.decode()
    dialog = bob.get(f"/messages/{said.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert dialog.lstrip().startswith('<div class="dialog-form')
    assert client_of(make_person("Dora", "customers.view_customer")).get(card).status_code == 403


def test_support_records_who_wants_marketing(said: Message) -> None:
    bob = client_of(make_person("Bob", *SEE, "outbox.add_consent"))
    address = "/customers/ALI001/widgets/messages-sent/marketing/"
    typed = {"address": "email:alice@example.com", "wanted": "yes", "how": "On the phone"}
    assert bob.post(address, typed | {"address": "email:eve@example.com"}).status_code == 422
    bob.post(address, typed)
    row = Consent.objects.get()
    assert (row.wanted, row.address, row.how) == (True, "alice@example.com", "On the phone")


def test_a_template_is_edited_previewed_and_tested(desk: Client, now: datetime) -> None:
    assert b"A bill" in desk.get("/setup/templates/").content
    page = "/setup/templates/test-bill/"
    looked = desk.post(f"{page}look/", {"subject": "Bill {number}", "text": "Hi {name} <b>"}).content.decode()
    assert "Bill INV00699" in looked
    assert "Hi Thandi Mokoena &lt;b&gt;" in looked
    refused = desk.post(page, {"subject": "S", "text": "Hi {nobody}"})
    assert (refused.status_code, b"There is no field {nobody} here" in refused.content) == (422, True)
    assert b"Hi {nobody}" in refused.content
    desk.post(page, {"subject": "Bill {number}", "text": "Hi {name}"})
    assert Wording.objects.get().text == "Hi {name}"
    desk.post(f"{page}test/")
    [test] = Message.objects.filter(template="test-mail")
    assert (test.address, test.context) == (
        "naledi@isp.example",
        {"subject": "Bill INV00699", "text": "Hi Thandi Mokoena"},
    )
    assert desk.get("/setup/templates/no-such/").status_code == 404
    assert client_of(make_person("Dora", "outbox.view_wording")).post(page, {"text": "x"}).status_code == 403


def test_a_gateway_is_set_up_with_its_secret_kept_to_itself(desk: Client) -> None:
    page = "/setup/sms/smsportal/"
    typed = {"key": "client-7", "secret": "canary-secret", "sender": ""}
    assert b"Confirm that it is you" in desk.post(page, typed).content
    assert not SmsGateway.objects.exists()
    desk.post(page, typed | {"confirm-password": "correct horse battery", "confirm-of": "POST"})
    row: Any = SmsGateway.objects.get()
    assert "canary" not in row.secret.token
    desk.post(page, typed | {"secret": "", "sender": "OurISP"})
    assert SmsGateway.objects.get().secret == row.secret
    shown = desk.get("/setup/sms/").content
    assert b"client-7" in shown
    assert b"canary" not in shown
    desk.post(f"{page}switch/")
    assert SmsGateway.objects.get().active
    address = desk.post(f"{page}callback/").content.decode()
    assert re.search(r"/callbacks/sms/smsportal/[\w-]{43}/", address)
    assert b"/callbacks/sms/" not in desk.get("/setup/sms/").content
    desk.post("/setup/sms/test/", {"to": "+27821234567"})
    assert Message.objects.get(template="test-sms").address == "+27821234567"
    assert b"Write it as" in desk.post("/setup/sms/test/", {"to": "082"}, follow=True).content
    desk.post(f"{page}switch/", {"off": "1"})
    assert not SmsGateway.objects.get().active
    assert desk.get("/setup/sms/pigeon/").status_code == 404
