"""Alice's own contacts, documents, messages and marketing choices at the portal; Bob has nothing to do with them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from customers.models import Attachment, Contact
from customers.selectors import own_things
from customers.services import attachments, contacts
from herotill.messages.models import Consent, Message
from herotill.messages.services import consent
from tests.factories import make_person
from tests.portal.conftest import at_portal

pytestmark = pytest.mark.django_db


def attach(customer, name="contract.txt", shared=True):
    upload = SimpleUploadedFile(name, f"what {name} says".encode())
    return attachments.add(customer=customer, upload=upload, kind="other", note="", actor=None, shared=shared)


def say(customer, **values):
    given: dict[str, Any] = {
        "template": "invoice",
        "channel": "email",
        "purpose": "invoices",
        "state": "sent",
    }
    given |= {"sent_at": timezone.now(), "address": "alice@example.com", "customer_id": customer.pk}
    return Message.objects.create(**(given | values))


def test_alice_adds_a_contact_and_whoever_was_the_contact_is_told(alice):
    page = at_portal(alice)
    given = {"name": "Mad Hatter", "email": "hatter@example.com", "purposes": ["usage"]}
    answer = page.post("/portal/contacts/new/", given, follow=True)
    assert "Mad Hatter" in answer.text
    hatter = Contact.objects.get(name="Mad Hatter")
    assert (hatter.customer, hatter.is_primary, hatter.email_verified_at) == (alice, False, None)
    told = Message.objects.get(template="own-contacts-changed")
    assert (told.address, told.context["what"]) == ("alice@example.com", "Mad Hatter was added")


def test_of_the_main_contact_only_what_is_sent_to_them_changes(alice):
    main = alice.contacts.get()
    page = at_portal(alice)
    page.post("/portal/contacts/new/", {"name": "Hatter", "phone": "0821112222", "purposes": ["usage"]})
    kept = [one for one in main.purposes if one != "usage"]
    page.post(
        f"/portal/contacts/{main.pk}/", {"purposes": kept, "email": "thief@example.com", "name": "Thief"}
    )
    main.refresh_from_db()
    assert (main.email, sorted(main.purposes)) == ("alice@example.com", sorted(kept))


def test_the_last_who_gets_invoices_keeps_them(alice):
    main = alice.contacts.get()
    answer = at_portal(alice).post(f"/portal/contacts/{main.pk}/", {"purposes": ["usage"]})
    assert answer.status_code == 422
    assert "Nobody would be left for" in answer.text


def test_a_contact_whose_email_changes_is_told_at_the_old_address(alice):
    clerk = make_person("Greta")
    values = {"name": "Hatter", "email": "old@example.com", "purposes": ["usage"]}
    hatter = contacts.add(customer=alice, values=values, actor=clerk)
    at_portal(alice).post(f"/portal/contacts/{hatter.pk}/", values | {"email": "new@example.com"})
    told = set(Message.objects.filter(template="own-contacts-changed").values_list("address", flat=True))
    assert told == {"alice@example.com", "old@example.com"}


def test_a_contact_is_removed_but_not_the_main_one(alice):
    hatter = contacts.add(customer=alice, values={"name": "Hatter"}, actor=make_person("Greta"))
    page = at_portal(alice)
    page.post(f"/portal/contacts/{hatter.pk}/remove/")
    page.post(f"/portal/contacts/{alice.contacts.get(is_primary=True).pk}/remove/")
    assert [one.is_primary for one in alice.contacts.all()] == [True]


def test_bob_finds_none_of_alices_things(alice, bob):
    hatter = contacts.add(customer=alice, values={"name": "Hatter"}, actor=make_person("Greta"))
    file, message = attach(alice), say(alice, body="Your invoice", subject="Invoice")
    page = at_portal(bob)
    for url in (f"contacts/{hatter.pk}", f"documents/{file.pk}", f"messages/{message.pk}"):
        assert page.get(f"/portal/{url}/").status_code == 404
    assert page.post(f"/portal/contacts/{hatter.pk}/remove/").status_code == 404
    assert Contact.objects.filter(pk=hatter.pk).exists()


def test_alice_downloads_what_is_shown_to_her_and_nothing_else(alice):
    shown, hidden = attach(alice), attach(alice, "suspicions.txt", shared=False)
    page = at_portal(alice)
    listed = page.get("/portal/documents/").text
    assert "contract.txt" in listed
    assert "suspicions.txt" not in listed
    answer = page.get(f"/portal/documents/{shown.pk}/")
    assert b"".join(answer.streaming_content) == b"what contract.txt says"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert page.get(f"/portal/documents/{hidden.pk}/").status_code == 404


def test_staff_show_a_file_and_hide_it_again(alice, client):
    file, dora = attach(alice, shared=False), make_person("Dora", "customers.view_attachment")
    greta = make_person(
        "Greta", "customers.view_customer", "customers.view_attachment", "customers.change_attachment"
    )
    act = f"/customers/{alice.code}/widgets/attachments/share/{file.pk}/"
    client.force_login(dora)
    assert client.post(act).status_code in (403, 404)
    client.force_login(greta)
    client.post(act)
    assert Attachment.objects.get().shared
    client.post(act.replace("share", "unshare"))
    assert not Attachment.objects.get().shared


def test_the_log_shows_what_was_said_to_alice_and_not_what_was_said_about_her(alice):
    say(alice, subject="Invoice INV000001", body="Dear Alice")
    say(alice, subject="She complains again", body="Watch out", purpose="", address="greta@isp.example")
    say(alice, subject="Waits", state="waiting", sent_at=None)
    answer = at_portal(alice).get("/portal/messages/")
    assert "Invoice INV000001" in answer.text
    assert "She complains again" not in answer.text
    assert "Waits" not in answer.text
    told = Message.objects.get(subject="She complains again")
    assert at_portal(alice).get(f"/portal/messages/{told.pk}/").status_code == 404


def test_a_message_is_read_as_it_was_sent_without_the_link_that_worked_once(alice):
    message = say(alice, subject="Choose a password", body="Open [link] <b>now</b>")
    answer = at_portal(alice).get(f"/portal/messages/{message.pk}/")
    assert "Open [link] &lt;b&gt;now&lt;/b&gt;" in answer.text


def test_older_messages_are_a_page_further(alice):
    for number in range(30):
        say(alice, subject=f"Message {number:02}")
    page = at_portal(alice)
    first = page.get("/portal/messages/")
    assert "Message 29" in first.text
    assert "Message 04" not in first.text
    older = first.context["older"]
    assert "Message 04" in page.get(f"/portal/messages/?before={older}").text


def test_s29_alice_says_yes_to_offers_and_no_again(alice):
    page = at_portal(alice)
    page.post("/portal/privacy/marketing/", {"wanted": ["email:alice@example.com"]})
    assert consent.wanting("email", ["alice@example.com"]) == {"alice@example.com"}
    said = Consent.objects.get(wanted=True)
    assert (said.how, said.customer_id) == ("in the portal", alice.pk)
    page.post("/portal/privacy/marketing/", {})
    assert consent.wanting("email", ["alice@example.com"]) == set()
    page.post("/portal/privacy/marketing/", {})
    assert Consent.objects.filter(address="alice@example.com").count() == 2, "the same again is no news"


def test_s29_nobody_says_yes_for_an_address_that_is_not_theirs(alice):
    answer = at_portal(alice).post("/portal/privacy/marketing/", {"wanted": ["email:bob@example.com"]})
    assert answer.status_code == 422
    assert not Consent.objects.exists()


def test_s23_what_others_said_at_an_address_is_told_to_nobody_who_gives_it_as_a_contacts(alice, bob):
    now, page = timezone.now(), at_portal(alice)
    consent.record(
        channel="email", address="bob@example.com", wanted=True, how="x", customer_id=bob.pk, now=now
    )
    consent.record(channel="email", address="carol@example.com", wanted=False, how="by the link", now=now)
    for name in ("bob", "carol", "nobody"):
        values = {"name": "Friend", "email": f"{name}@example.com"}
        contacts.add(customer=alice, values=values, actor=make_person(name.title()))
    assert {one.said for one in own_things.marketing(alice)} == {None}
    assert "since" not in page.get("/portal/privacy/").text
    assert own_things.marketing(bob)[0].wanted is True


def test_s29_who_said_no_by_the_link_reads_no(alice):
    at_portal(alice).post("/portal/privacy/marketing/", {"wanted": ["email:alice@example.com"]})
    consent.record(
        channel="email", address="alice@example.com", wanted=False, how="by the link", now=timezone.now()
    )
    assert own_things.marketing(alice)[0].wanted is False


def test_pages_are_few_questions_however_much_there_is(alice, django_assert_max_num_queries):
    greta = make_person("Greta")
    for number in range(12):
        contacts.add(customer=alice, values={"name": f"Guest {number}"}, actor=greta)
        attach(alice, f"file{number}.txt")
        say(alice, subject=f"Message {number}")
    page = at_portal(alice)
    for url in ("contacts", "documents", "messages", "privacy", "details", "changes", "quotes"):
        with django_assert_max_num_queries(12):
            assert page.get(f"/portal/{url}/").status_code == 200
