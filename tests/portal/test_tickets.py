"""Alice's tickets in the portal: she opens, reads, adds to and closes her own, and sees nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from dataaccounts.models import DataAccount
from helpdesk.models import Category, Department, HelpdeskRules, Post, PostFile, Ticket
from helpdesk.services import customers_words, tickets
from tests.factories import make_customer, make_person
from tests.factories.data import make_account
from tests.factories.helpdesk import NOON, make_ticket, say
from tests.portal.conftest import at_portal

pytestmark = pytest.mark.django_db
LIST, NEW = "/portal/tickets/", "/portal/tickets/new/"
PDF = b"%PDF-1.4 a letter"


def page_of(ticket: Ticket) -> str:
    return reverse("portal-ticket", args=[ticket.pk])


def ask(client: Client, **fields: object) -> object:
    support = Department.objects.get(name="Support")
    data = {"subject": "No connection", "department": support.pk, "text": "Since the storm."} | fields
    return client.post(NEW, data)


def test_alice_opens_a_ticket_with_a_file_and_reads_it(alice: Customer) -> None:
    client = at_portal(alice)
    sent = ask(client, files=[SimpleUploadedFile("letter.pdf", PDF), SimpleUploadedFile("note.txt", b"hi")])
    ticket = Ticket.objects.get()
    assert (sent.status_code, sent.url) == (302, page_of(ticket))
    assert (ticket.origin, ticket.customer, ticket.state) == ("portal", alice, "open")
    assert [one.filename for one in PostFile.objects.all()] == ["letter.pdf", "note.txt"]

    page = client.get(page_of(ticket))
    assert "Since the storm." in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store, private"
    file = client.get(reverse("portal-ticket-file", args=[ticket.pk, PostFile.objects.earliest("pk").pk]))
    assert b"".join(file.streaming_content) == PDF
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in file.headers["Content-Security-Policy"]


def test_pressed_twice_it_is_one_ticket_and_one_answer(alice: Customer) -> None:
    client = at_portal(alice)
    ask(client)
    ask(client)
    ticket = Ticket.objects.get()
    for _ in range(2):
        client.post(reverse("portal-ticket-answer", args=[ticket.pk]), {"text": "It is back."})
    assert ticket.posts.filter(kind="said").count() == 2
    ask(client, text="And the telephone is dead.")
    assert Ticket.objects.count() == 2


def test_pressed_twice_on_a_closed_or_merged_ticket_it_is_one_answer_where_it_counts(alice: Customer) -> None:
    client = at_portal(alice)
    old, merged, target = make_ticket(alice, state="closed"), make_ticket(alice), make_ticket(alice)
    tickets.merge(into=target, others=[merged], actor=None, now=NOON)
    for ticket in (old, merged):
        answer = reverse("portal-ticket-answer", args=[ticket.pk])
        sent = [client.post(answer, {"text": "It is dead again."}).url for _ in range(2)]
        assert sent[0] == sent[1]
    follower = Ticket.objects.get(linked_to=old)
    assert [one.posts.filter(text="It is dead again.").count() for one in (follower, target)] == [1, 1]
    assert Ticket.objects.count() == 4


def test_what_is_missing_is_said_and_what_was_typed_stays(alice: Customer) -> None:
    answer = ask(at_portal(alice), subject="", text="Since the storm.")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Since the storm." in page
    assert 'href="#id_subject"' in page
    refused = ask(at_portal(alice), files=[SimpleUploadedFile("run.exe", b"MZ...")])
    assert (refused.status_code, Ticket.objects.count()) == (422, 0)
    assert "run.exe is not kept" in refused.content.decode()


def test_only_departments_categories_and_accounts_that_are_theirs_to_choose(alice: Customer) -> None:
    Department.objects.filter(name="Network").update(offered=False)
    hers, his = make_account(alice, "alice"), make_account(make_customer("Bob Dlamini", "BOB001"), "bob")
    network = Department.objects.get(name="Network")
    client = at_portal(alice)
    page = client.get(NEW).content.decode()
    assert "Support" in page
    assert "Network" not in page
    assert ask(client, department=network.pk).status_code == 422
    assert ask(client, account=his.pk).status_code == 422
    assert ask(client, account=hers.pk, category=Category.objects.first().pk).status_code == 302
    assert Ticket.objects.get().account == hers
    assert DataAccount.objects.count() == 2


def test_a_portal_that_takes_no_tickets_offers_none(alice: Customer) -> None:
    HelpdeskRules.objects.update(portal_tickets=False)
    ticket = make_ticket(alice)
    client = at_portal(alice)
    assert client.get(NEW).status_code == 404
    assert ask(client).status_code == 404
    assert NEW not in client.get(LIST).content.decode()
    assert client.get(page_of(ticket)).status_code == 200


def test_alice_answers_reopens_and_says_that_it_is_solved(alice: Customer) -> None:
    ticket, thandi = make_ticket(alice), make_person("Thandi")
    tickets.answer(ticket=ticket, text="Try again?", actor=thandi, now=NOON)
    client = at_portal(alice)
    assert "Waits for you" in client.get(page_of(ticket)).content.decode()

    assert client.post(reverse("portal-ticket-answer", args=[ticket.pk]), {"text": " "}).status_code == 422
    client.post(reverse("portal-ticket-answer", args=[ticket.pk]), {"text": "It works."})
    client.post(reverse("portal-ticket-solved", args=[ticket.pk]))
    client.post(reverse("portal-ticket-solved", args=[ticket.pk]))
    ticket.refresh_from_db()
    assert (ticket.state, ticket.close_reason.name, ticket.closed_by) == ("closed", "Solved", None)

    client.post(reverse("portal-ticket-answer", args=[ticket.pk]), {"text": "Gone again."})
    ticket.refresh_from_db()
    assert (ticket.state, ticket.reopened) == ("open", 1)


def test_an_answer_long_after_closing_leads_to_the_ticket_that_follows(alice: Customer) -> None:
    old = make_ticket(alice, state="closed", now=NOON - timedelta(days=90))
    sent = at_portal(alice).post(reverse("portal-ticket-answer", args=[old.pk]), {"text": "Again!"})
    follower = Ticket.objects.get(linked_to=old)
    assert sent.url == page_of(follower)


def test_notes_events_and_tickets_we_keep_to_ourselves_are_not_shown(alice: Customer) -> None:
    ticket, thandi = make_ticket(alice), make_person("Thandi")
    note = tickets.note(ticket=ticket, text="She is rude", actor=thandi, now=NOON)
    tickets.assign(ticket=ticket, assignee=thandi, actor=thandi, now=NOON)
    ours = make_ticket(alice, "Low rating: 1 of 5", origin="rating", about_kind="rating", about_id=7)
    kept = PostFile.objects.create(
        post=note, file="x", filename="x.pdf", content_type="application/pdf", size=1, sha256="0" * 64
    )
    client = at_portal(alice)
    page = client.get(page_of(ticket)).content.decode()
    assert "She is rude" not in page
    assert "Given to" not in page
    assert client.get(reverse("portal-ticket-file", args=[ticket.pk, kept.pk])).status_code == 404
    assert "Low rating" not in client.get(LIST).content.decode()
    assert client.get(page_of(ours)).status_code == 404
    tickets.answer(ticket=ours, text="We are sorry. What went wrong?", actor=thandi, now=NOON)
    assert client.get(page_of(ours)).status_code == 200


@pytest.mark.parametrize("name", ["portal-ticket", "portal-ticket-answer", "portal-ticket-solved"])
def test_bob_and_nobody_get_no_hint_of_alices_ticket(alice: Customer, bob: Customer, name: str) -> None:
    ticket = make_ticket(alice)
    url = reverse(name, args=[ticket.pk])
    client = at_portal(bob)
    assert [client.get(url).status_code, client.post(url, {"text": "Mine?"}).status_code] in (
        [404, 404],
        [404, 405],
        [405, 404],
    )
    assert Client().get(url).status_code in (302, 405)
    assert Client().post(url, {"text": "Mine?"}).status_code in (302, 405)
    assert ticket.posts.count() == 1


def test_a_merged_ticket_leads_to_the_one_that_goes_on(alice: Customer) -> None:
    one, two = make_ticket(alice), make_ticket(alice, "Still no connection")
    tickets.merge(into=one, others=[two], actor=make_person("Thandi"), now=NOON)
    client = at_portal(alice)
    assert client.get(page_of(two)).url == page_of(one)
    assert "Still no connection" not in client.get(LIST).content.decode()
    assert client.get(page_of(one)).content.decode().count("It does not work since this morning.") == 2


def test_lists_stay_short_of_queries_however_many_there_are(
    alice: Customer, django_assert_max_num_queries
) -> None:
    for number in range(30):
        make_ticket(alice, f"Question {number}", state="closed" if number % 10 else "open")
    client = at_portal(alice)
    with django_assert_max_num_queries(12):
        page = client.get(LIST).content.decode()
    assert "Question 29" in page
    older = client.get(LIST, {"before": Ticket.objects.order_by("pk")[3].pk}).content.decode()
    assert "Question 1<" in older
    assert "Question 29" not in older
    ticket = Ticket.objects.filter(state="open").first()
    for number in range(20):
        say(ticket, f"And {number}")
    with django_assert_max_num_queries(12):
        assert "And 19" in client.get(page_of(ticket)).content.decode()


@pytest.mark.parametrize("before", ["²", "9" * 25, "9" * 5000, "-1"])
def test_a_page_that_cannot_be_is_the_first(alice: Customer, before: str) -> None:
    make_ticket(alice, subject="No connection")
    assert "No connection" in at_portal(alice).get(LIST, {"before": before}).content.decode()


def test_the_home_shows_open_tickets_and_the_way_to_ask(alice: Customer) -> None:
    client = at_portal(alice)
    assert "No open tickets" in client.get("/portal/").content.decode()
    make_ticket(alice, "No connection")
    make_ticket(alice, "Solved long ago", state="closed")
    page = client.get("/portal/").content.decode()
    assert "No connection" in page
    assert "Solved long ago" not in page


def test_s19_what_people_write_is_shown_as_they_wrote_it(alice: Customer) -> None:
    ticket = make_ticket(
        alice, "<img src=http://x.example/a>", text="{{ 7|add:7 }} <script>alert(1)</script>"
    )
    page = at_portal(alice).get(page_of(ticket)).content.decode()
    assert "&lt;img src=http://x.example/a&gt;" in page
    assert "{{ 7|add:7 }} &lt;script&gt;" in page


def test_s24_an_answer_in_the_portal_approves_nothing(alice: Customer) -> None:
    before = Customer.objects.values().get(pk=alice.pk)
    ticket = make_ticket(alice)
    at_portal(alice).post(
        reverse("portal-ticket-answer", args=[ticket.pk]), {"text": "I confirm: cancel it, refund me R 500."}
    )
    assert Customer.objects.values().get(pk=alice.pk) == before
    assert set(Post.objects.values_list("kind", flat=True)) == {"said"}


def test_s23_what_a_master_writes_and_closes_at_a_sub_account_says_who_it_was(alice: Customer) -> None:
    sub = make_customer("Sub Liddel", "SUB001", master=alice)
    ticket = make_ticket(sub)
    assert at_portal(sub).post("/portal/sharing/", {"share": "1"}).status_code == 302
    client = at_portal(alice)
    client.post(reverse("portal-switch"), {"code": sub.code})
    client.post(reverse("portal-ticket-answer", args=[ticket.pk]), {"text": "It works."})
    assert ticket.posts.get(text="It works.").author_name == "Alice Liddel for Sub Liddel"
    client.post(reverse("portal-ticket-solved", args=[ticket.pk]))
    ticket.refresh_from_db()
    assert ticket.close_words == "Alice Liddel for Sub Liddel said so."
    ask(client)
    assert Ticket.objects.latest("pk").requester_name == "Alice Liddel for Sub Liddel"


def test_s23_a_master_sees_no_tickets_of_a_sub_that_has_not_agreed(alice: Customer) -> None:
    sub = make_customer("Sub Liddel", "SUB001", master=alice)
    ticket = make_ticket(sub, "Private matter")
    client = at_portal(alice)
    switched = client.post(reverse("portal-switch"), {"code": sub.code})
    assert switched.status_code == 302
    assert client.get(LIST).status_code == 404
    assert client.get(page_of(ticket)).status_code == 404
    assert "Private matter" not in client.get("/portal/").content.decode()


def test_too_many_tickets_within_an_hour_are_refused_in_words(alice: Customer, bob: Customer) -> None:
    client = at_portal(alice)
    for number in range(customers_words.TICKETS):
        assert ask(client, text=f"And {number}").status_code == 302
    refused = ask(client, text="And once more")
    assert refused.status_code == 422
    assert "Wait a while, or call us." in refused.text
    assert "And once more" in refused.text
    assert ask(client, text="And 19").status_code == 302, "what is there already is shown"
    assert ask(at_portal(bob)).status_code == 302
    Ticket.objects.update(opened_at=timezone.now() - timedelta(hours=2))
    assert ask(client, text="And once more").status_code == 302
