"""The link in a ticket's mails: what it opens without a log-in, for whom, and when it ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.models import SubAccountMode
from customers.models import Customer
from helpdesk.models import HelpdeskRules, PostFile, Ticket
from helpdesk.services import customers_words, notices, ticket_links, tickets
from herotill import events
from herotill.messages.models import Message
from herotill.messages.services import sending
from tests.factories import make_customer, make_person
from tests.factories.helpdesk import NOON, make_reason, make_ticket

pytestmark = pytest.mark.django_db
ALICE = "alice@example.com"
DAY = timedelta(days=1)


@pytest.fixture
def alice() -> Customer:
    return make_customer("Alice Liddel", "ALI001", contact={"email": ALICE})


def link_to(ticket: Ticket, address: str = ALICE) -> str:
    return f"/tickets/{ticket_links.token_of(ticket, address)}/"


def test_an_answer_is_mailed_with_a_link_that_opens_the_ticket(alice: Customer) -> None:
    thandi = make_person("Thandi")
    ticket = make_ticket(alice, "No connection", origin="portal")
    tickets.answer(ticket=ticket, text="Please switch it off and on.\nThen wait.", actor=thandi, now=NOON)
    events.hand_out(NOON)
    events.hand_out(NOON)
    sending.send_mail(timezone.now() + timedelta(minutes=1))

    opened, answered = mail.outbox
    assert (opened.to, answered.to) == ([ALICE], [ALICE])
    assert answered.subject == f"[#{ticket.pk}] No connection"
    assert "Please switch it off and on.\nThen wait." in answered.body
    assert f"https://isp.test{link_to(ticket)}" in answered.body or link_to(ticket) in answered.body
    stored = Message.objects.filter(template=notices.ANSWERED).get()
    assert (stored.customer_id, stored.subject_kind, stored.subject_id) == (alice.pk, "ticket", ticket.pk)
    page = Client().get(link_to(ticket)).content.decode()
    assert "Please switch it off and on." in page


def test_whoever_wrote_gets_the_answer_and_not_the_other_contacts(alice: Customer) -> None:
    ticket = make_ticket(alice, origin="email", requester_email="Shop@Example.com", requester_name="The shop")
    tickets.answer(ticket=ticket, text="Done.", actor=make_person("Thandi"), now=NOON)
    events.hand_out(NOON)
    sending.send_mail(timezone.now() + timedelta(minutes=1))
    assert [one.to for one in mail.outbox] == [["shop@example.com"]]


def test_closing_is_told_once_and_not_beside_an_answer(alice: Customer) -> None:
    thandi, solved = make_person("Thandi"), make_reason()
    plain, answered, own = make_ticket(alice), make_ticket(alice), make_ticket(alice)
    tickets.close(ticket=plain, reason=solved, words="Rude, by the way", actor=thandi, now=NOON)
    tickets.answer(ticket=answered, text="Done.", actor=thandi, now=NOON, state="closed", reason=solved)
    tickets.close(ticket=own, reason=solved, actor=None, now=NOON, via="portal")
    events.hand_out(NOON)
    told = Message.objects.exclude(template=notices.OPENED).values_list("template", "subject_id")
    assert sorted(told) == [(notices.ANSWERED, answered.pk), (notices.CLOSED, plain.pk)]
    sending.send_mail(timezone.now() + timedelta(minutes=1))
    assert not any("Rude" in one.body for one in mail.outbox)


def test_what_we_keep_to_ourselves_is_told_to_nobody(alice: Customer) -> None:
    ticket = make_ticket(alice, "Low rating", origin="rating", about_kind="rating", about_id=1)
    tickets.note(ticket=ticket, text="Call her", actor=make_person("Thandi"), now=NOON)
    tickets.close(ticket=ticket, reason=make_reason(), actor=make_person("Sipho"), now=NOON)
    make_ticket(None, requester_email="", origin="staff")
    events.hand_out(NOON)
    assert not Message.objects.exists()


def test_s07_no_stored_row_holds_a_link_that_works(alice: Customer) -> None:
    ticket = make_ticket(alice, origin="portal")
    tickets.answer(ticket=ticket, text="Done.", actor=make_person("Thandi"), now=NOON)
    events.hand_out(NOON)
    sending.send_mail(timezone.now() + timedelta(minutes=1))
    token = ticket_links.token_of(ticket, ALICE)
    assert any(token in one.body for one in mail.outbox)
    for message in Message.objects.filter(template__startswith="ticket_"):
        assert token not in f"{message.subject} {message.body} {message.context}"
        assert "[link]" in message.body


def test_s24_opening_the_link_changes_nothing_and_tells_nobody(alice: Customer) -> None:
    ticket = make_ticket(alice, state="pending")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = Client().get(link_to(ticket))
    assert not [one["sql"] for one in asked if one["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_s24_the_link_shows_public_words_of_its_own_ticket_alone(alice: Customer) -> None:
    thandi = make_person("Thandi")
    ticket, other = make_ticket(alice), make_ticket(alice, "Secret", text="My other matter")
    note = tickets.note(ticket=ticket, text="She owes us money", actor=thandi, now=NOON)
    kept = {"file": "x", "content_type": "application/pdf", "size": 1, "sha256": "0" * 64}
    hidden = PostFile.objects.create(post=note, filename="note.pdf", **kept)
    elsewhere = PostFile.objects.create(post=other.posts.get(), filename="other.pdf", **kept)
    client = Client()
    page = client.get(link_to(ticket)).content.decode()
    for word in ("She owes", "note.pdf", "other matter", "ALI001", ALICE, "Thandi"):
        assert word not in page
    for file in (hidden, elsewhere):
        assert client.get(f"{link_to(ticket)}files/{file.pk}/").status_code == 410


def test_s24_it_ends_some_days_after_closing(alice: Customer) -> None:
    now = timezone.now()
    lately = make_ticket(alice, state="closed", now=now - 13 * DAY)
    long_ago = make_ticket(alice, state="closed", now=now - 15 * DAY)
    assert Client().get(link_to(lately)).status_code == 200
    over = Client().get(link_to(long_ago))
    assert (over.status_code, "No connection" in over.content.decode()) == (410, False)
    assert Client().post(link_to(long_ago), {"deed": "answer", "text": "Hello?"}).status_code == 410
    assert long_ago.posts.filter(kind="said").count() == 1


def test_s24_a_link_of_another_address_or_version_or_a_made_up_one_opens_nothing(alice: Customer) -> None:
    ticket = make_ticket(alice)
    good = link_to(ticket)
    bad = [link_to(ticket, "bob@example.com"), f"/tickets/{ticket.pk}-x/", "/tickets/x/", good[:-2] + "/"]
    assert [Client().get(one).status_code for one in bad] == [410] * 4
    alice.contacts.update(email="new@example.com")
    assert Client().get(good).status_code == 410
    alice.contacts.update(email=ALICE)
    Ticket.objects.update(link_version=2)
    assert Client().get(good).status_code == 410


def test_s24_after_the_ticket_is_another_customers_the_link_is_over(alice: Customer) -> None:
    ticket = make_ticket(alice)
    old = link_to(ticket)
    tickets.link(
        ticket=ticket, customer=make_customer("Bob Dlamini", "BOB001"), actor=make_person("Thandi"), now=NOON
    )
    assert Client().get(old).status_code == 410


def test_alice_answers_by_the_link_and_says_that_it_is_solved(alice: Customer) -> None:
    ticket = make_ticket(alice, state="pending")
    client = Client()
    assert client.post(link_to(ticket), {"deed": "answer", "text": ""}).status_code == 422
    file = SimpleUploadedFile("letter.pdf", b"%PDF-1.4")
    sent = client.post(link_to(ticket), {"deed": "answer", "text": "Still nothing.", "files": file})
    assert sent.url == f"{link_to(ticket)}?done=sent"
    assert "Sent." in client.get(sent.url).content.decode()
    post = ticket.posts.last()
    assert (post.via, post.author_email, post.files.get().filename) == ("link", ALICE, "letter.pdf")
    ticket.refresh_from_db()
    assert (ticket.state, ticket.last_by_customer) == ("open", True)
    kept = client.get(f"{link_to(ticket)}files/{post.files.get().pk}/")
    assert b"".join(kept.streaming_content) == b"%PDF-1.4"

    thanked = client.get(client.post(link_to(ticket), {"deed": "solved"}).url)
    assert "Thank you" in thanked.content.decode()
    ticket.refresh_from_db()
    assert ticket.state == "closed"
    client.post(link_to(ticket), {"deed": "answer", "text": "Gone again."})
    ticket.refresh_from_db()
    assert (ticket.state, ticket.reopened) == ("open", 1)


def test_s24_a_reply_by_the_link_approves_nothing(alice: Customer) -> None:
    before = Customer.objects.values().get(pk=alice.pk)
    ticket = make_ticket(alice)
    Client().post(link_to(ticket), {"deed": "answer", "text": "Yes, I accept the cancellation and R 500."})
    assert Customer.objects.values().get(pk=alice.pk) == before


def test_a_link_to_a_merged_ticket_opens_the_one_that_goes_on(alice: Customer) -> None:
    one, two = make_ticket(alice), make_ticket(alice, "Still nothing")
    old = link_to(two)
    tickets.merge(into=one, others=[two], actor=make_person("Thandi"), now=NOON)
    page = Client().get(old)
    assert (page.status_code, f"#{one.pk}" in page.content.decode()) == (200, True)
    Client().post(old, {"deed": "answer", "text": "By the old link"})
    assert one.posts.filter(text="By the old link").exists()


def test_a_reply_without_the_token_of_the_form_is_refused(alice: Customer) -> None:
    ticket = make_ticket(alice)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link_to(ticket), {"deed": "answer", "text": "Hello"}).status_code == 403


def test_a_reply_long_after_closing_goes_on_at_the_ticket_that_follows(alice: Customer) -> None:
    HelpdeskRules.objects.update(link_days=60)
    old = make_ticket(alice, state="closed", now=timezone.now() - 30 * DAY)
    sent = Client().post(link_to(old), {"deed": "answer", "text": "Again!"})
    follower = Ticket.objects.get(linked_to=old)
    assert sent.url == f"{link_to(follower)}?done=sent"
    assert "Again!" in Client().get(sent.url).content.decode()


def test_s14_a_resellers_client_is_written_to_only_where_they_wrote_to_us_themselves() -> None:
    reseller = make_customer("Reseller Ltd", "RES001", kind="company", is_reseller=True)
    client = make_customer("Client", "CLI001", master=reseller, contact={"email": "client@example.com"})
    SubAccountMode.objects.create(customer=client, starts_on=date(2018, 6, 1), mode="reseller")
    thandi = make_person("Thandi")
    for more in ({"origin": "portal"}, {"origin": "email", "requester_email": "client@example.com"}):
        tickets.answer(ticket=make_ticket(client, **more), text="Done.", actor=thandi, now=NOON)
    events.hand_out(NOON)
    assert [one.address for one in Message.objects.filter(customer_id=client.pk)] == ["client@example.com"]


def test_who_has_the_link_writes_no_more_often_than_anybody_reads(alice: Customer) -> None:
    ticket = make_ticket(alice)
    for number in range(customers_words.WORDS):
        assert Client().post(link_to(ticket), {"deed": "answer", "text": f"{number}"}).status_code == 302
    refused = Client().post(link_to(ticket), {"deed": "answer", "text": "And more"})
    assert refused.status_code == 422
    assert "Wait a while, or call us." in refused.text
    assert not ticket.posts.filter(text="And more").exists()
    other = make_ticket(alice)
    assert Client().post(link_to(other), {"deed": "answer", "text": "And more"}).status_code == 302
