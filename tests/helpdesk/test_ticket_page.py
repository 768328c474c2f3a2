"""The page of a ticket: who may do what there, what is kept when something stands against it, who else is there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from helpdesk.models import CannedAnswer, Presence, Ticket
from helpdesk.services import tickets
from herotill.users.models import User
from tests.factories import client_of, make_customer, make_person
from tests.factories.data import make_account
from tests.factories.helpdesk import NOON, make_department, make_reason, make_ticket, say

pytestmark = pytest.mark.django_db
ALL = tuple(
    f"helpdesk.{name}_ticket" for name in ("view", "add", "change", "answer", "assign", "close", "merge")
)


@pytest.fixture
def thandi() -> User:
    return make_person("Thandi", *ALL, "customers.view_customer")


@pytest.fixture
def desk(thandi: User) -> Client:
    return client_of(thandi)


@pytest.fixture
def ticket() -> Ticket:
    return make_ticket(make_customer("Alice Liddel", "ALI001"), text="No <b>light</b>\non the radio")


def page(client: Client, ticket: Ticket, query: str = "") -> str:
    answer = client.get(f"/helpdesk/tickets/{ticket.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def send(client: Client, ticket: Ticket, deed: str, **data: object):
    return client.post(f"/helpdesk/tickets/{ticket.pk}/{deed}/", data)


def test_everything_said_stands_on_the_page_escaped_and_at_few_queries(
    desk, thandi, ticket, django_assert_max_num_queries
):
    tickets.note(ticket=ticket, text="She called twice", actor=thandi, now=NOON)
    for number in range(30):
        say(ticket, f"Word {number}", now=NOON + timedelta(minutes=number))
    desk.get("/")
    with django_assert_max_num_queries(24):
        shown = page(desk, ticket)

    for words in ("No &lt;b&gt;light&lt;/b&gt;<br>on the radio", "She called twice", "Word 29", "ALI001"):
        assert words in shown
    assert "<b>light</b>" not in shown


def test_a_long_conversation_begins_with_what_is_new(desk, ticket):
    for number in range(70):
        say(ticket, f"Word {number:02}", now=NOON + timedelta(minutes=number))

    assert "Show 11 earlier" in (shown := page(desk, ticket))
    assert ("Word 69" in shown, "Word 00" in shown) == (True, False)
    assert "Word 00" in page(desk, ticket, "?all")


def test_an_answer_is_sent_with_files_and_the_ticket_waits(desk, thandi, ticket):
    file = SimpleUploadedFile("steps.txt", b"1. Switch it off\n", "text/plain")
    seen = ticket.posts.get().pk
    answer = send(
        desk,
        ticket,
        "answer",
        **{
            "answer-text": "See\tthe steps",
            "answer-state": "pending",
            "answer-seen": seen,
            "answer-files": file,
        },
    )

    assert answer.headers["Location"] == f"/helpdesk/tickets/{ticket.pk}/"
    ticket.refresh_from_db()
    assert ticket.state == "pending"
    post = ticket.posts.get(kind="answer")
    assert (post.text, post.author) == ("See    the steps", thandi)
    download = desk.get(f"/helpdesk/tickets/{ticket.pk}/files/{post.files.get().pk}/")
    assert b"".join(download.streaming_content) == b"1. Switch it off\n"
    assert download.headers["Content-Disposition"].startswith("attachment")
    other = make_ticket()
    assert desk.get(f"/helpdesk/tickets/{other.pk}/files/{post.files.get().pk}/").status_code == 404


def test_an_answer_that_missed_another_is_kept_and_goes_out_when_pressed_again(desk, ticket):
    seen = ticket.posts.get().pk
    tickets.answer(ticket=ticket, text="I was first", actor=make_person("Johan"), now=NOON, seen=seen)
    mine = {"answer-text": "Me too", "answer-state": "open", "answer-seen": seen}
    refused = send(desk, ticket, "answer", **mine)

    assert refused.status_code == 422
    said = refused.content.decode()
    assert all(words in said for words in ("Johan answered meanwhile", "Me too", "I was first"))
    newest = ticket.posts.order_by("-pk")[0].pk
    assert f'name="answer-seen" value="{newest}"' in said
    assert send(desk, ticket, "answer", **mine | {"answer-seen": newest}).status_code == 302
    assert send(desk, ticket, "answer", **mine | {"answer-seen": newest}).status_code == 302
    assert ticket.posts.filter(text="Me too").count() == 1


def test_a_file_that_is_not_kept_is_refused_and_nothing_is_said(desk, ticket):
    file = SimpleUploadedFile("evil.exe", b"MZ\x00", "application/octet-stream")
    refused = send(
        desk, ticket, "answer", **{"answer-text": "See", "answer-state": "open", "answer-files": file}
    )

    assert refused.status_code == 422
    assert "is not kept" in refused.content.decode()
    assert ticket.posts.count() == 1


def test_an_answer_closes_only_with_a_reason_and_the_right(desk, ticket):
    closing = {"answer-text": "Done", "answer-state": "closed"}
    assert "Say why" in send(desk, ticket, "answer", **closing).content.decode()
    assert send(desk, ticket, "answer", **closing, **{"answer-reason": make_reason().pk}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.state == "closed"
    other = make_ticket()
    dora = client_of(make_person("Dora", "helpdesk.view_ticket", "helpdesk.answer_ticket"))
    assert send(dora, other, "answer", **closing).status_code == 422
    assert Ticket.objects.get(pk=other.pk).state == "open"


def test_who_only_sees_tickets_writes_nothing(ticket):
    dora = client_of(make_person("Dora", "helpdesk.view_ticket"))
    shown = page(dora, ticket)

    assert not any(words in shown for words in ("Send answer", "Save note", "Take it", "Close…"))
    for deed in ("answer", "note", "canned", "assign", "take", "move", "close", "link", "merge", "split"):
        assert send(dora, ticket, deed).status_code == 403
    assert client_of(make_person("Edith")).get(f"/helpdesk/tickets/{ticket.pk}/").status_code == 403


def test_a_canned_answer_stands_behind_what_was_typed_with_its_fields_filled(desk, ticket):
    for_all = CannedAnswer.objects.create(name="Power", text="Dear {customer}, {ticket}: switch it off. {me}")
    other = CannedAnswer.objects.create(
        name="Books", text="Paid?", department=make_department("Books"), retired=False
    )

    shown = page(desk, ticket)
    assert ("Power" in shown, "Books" in shown) == (True, False)
    filled = send(desk, ticket, "canned", **{"answer-text": "Hello", "answer-canned": for_all.pk})
    assert f"Hello\n\nDear Alice Liddel, #{ticket.pk}: switch it off. Thandi" in filled.content.decode()
    kept = send(desk, ticket, "canned", **{"answer-text": "Hello", "answer-canned": other.pk})
    assert ("Hello" in kept.content.decode(), "Paid?" in kept.content.decode()) == (True, False)
    assert ticket.posts.count() == 1


def test_people_at_one_ticket_are_told_of_each_other_and_of_what_came(desk, ticket):
    johan = make_person("Johan", "helpdesk.view_ticket", "helpdesk.answer_ticket")
    seen = ticket.posts.get().pk
    assert "Johan" not in send(desk, ticket, "here", writes="0").content.decode()
    send(client_of(johan), ticket, "here", writes="0")
    assert "Johan looks at this ticket too" in send(desk, ticket, "here").content.decode()
    send(client_of(johan), ticket, "here", writes="1")
    assert "Johan is writing an answer" in send(desk, ticket, "here").content.decode()
    tickets.answer(ticket=ticket, text="There", actor=johan, now=NOON)
    assert "Johan answered" in send(desk, ticket, "here", **{"answer-seen": seen}).content.decode()
    Presence.objects.filter(user=johan).update(seen_at=NOON)
    assert "is writing" not in send(desk, ticket, "here").content.decode()


def test_a_ticket_is_given_moved_closed_and_reopened_in_dialogs(desk, thandi, ticket):
    def pressed(deed: str, **data: object) -> Ticket:
        assert send(desk, ticket, deed, **data).status_code == 302
        ticket.refresh_from_db()
        return ticket

    assert pressed("take").assignee == thandi
    assert pressed("assign").assignee is None
    accounts = make_department("Accounts")
    moved = pressed("move", subject="Invoice", department=accounts.pk, priority=ticket.priority_id)
    assert (moved.subject, moved.department) == ("Invoice", accounts)
    assert send(desk, ticket, "close").status_code == 422
    assert pressed("close", reason=make_reason().pk, words="All well").close_words == "All well"
    assert "Closed" in page(desk, ticket)
    assert pressed("reopen", why="It is back").state == "open"
    assert thandi in (pressed("watch", on="1")).watchers.all()
    assert thandi not in (pressed("watch", on="0")).watchers.all()


def test_a_ticket_is_not_closed_over_a_word_that_came_while_the_dialog_stood_open(desk, ticket):
    dialog = desk.get(f"/helpdesk/tickets/{ticket.pk}/close/").content.decode()
    seen = ticket.posts.latest("pk").pk
    assert f'name="seen" value="{seen}"' in dialog
    say(ticket, "Wait, it is dead again")
    refused = send(desk, ticket, "close", reason=make_reason().pk, seen=seen)
    assert refused.status_code == 422
    assert "The customer wrote meanwhile" in refused.content.decode()
    ticket.refresh_from_db()
    assert ticket.state == "open"
    seen = ticket.posts.latest("pk").pk
    assert send(desk, ticket, "close", reason=make_reason().pk, seen=seen).status_code == 302


def test_a_ticket_is_linked_to_a_data_account_and_its_customer(desk, ticket):
    bob = make_account(make_customer("Bob Mokoena", "BOB001"), "bob@isp.example")

    assert send(desk, ticket, "link", customer="ALI001", account=bob.username).status_code == 422
    assert send(desk, ticket, "link", customer="NOBODY1").status_code == 422
    assert send(desk, ticket, "link", account=bob.username).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.customer.code, ticket.account) == ("BOB001", bob)


def test_tickets_are_merged_and_split_in_dialogs(desk, ticket):
    other, bobs = make_ticket(ticket.customer, text="Again"), make_ticket(make_customer("Bob Mokoena"))

    assert send(desk, ticket, "merge", number=f"#{bobs.pk}").status_code == 422
    assert send(desk, ticket, "merge", number="none").status_code == 422
    assert send(desk, ticket, "merge", others=[other.pk]).status_code == 302
    assert "Merged into another ticket" in page(desk, other)
    moved = ticket.posts.get(text="Again")
    split = send(desk, ticket, "split", subject="Other matter", posts=[moved.pk])
    made = Ticket.objects.get(linked_to=ticket)
    assert split.headers["Location"] == f"/helpdesk/tickets/{made.pk}/"
    assert "Again" in page(desk, made)


def test_staff_open_a_ticket_for_somebody_who_called(desk, thandi):
    alice = make_customer("Alice Liddel", "ALI001")
    support = make_department("Support")
    asked = {
        "customer": "ali001",
        "subject": "Slow at night",
        "kind": "said",
        "text": "Since Monday",
        "department": support.pk,
        "priority": make_ticket().priority_id,
        "assignee": thandi.pk,
    }
    assert 'value="ALI001"' in desk.get("/helpdesk/tickets/new/?customer=ALI001").content.decode()
    assert desk.post("/helpdesk/tickets/new/", asked | {"text": ""}).status_code == 422
    answer = desk.post("/helpdesk/tickets/new/", asked)
    made = Ticket.objects.get(subject="Slow at night")
    assert answer.headers["Location"] == f"/helpdesk/tickets/{made.pk}/"
    assert (made.customer, made.assignee, made.opened_by, made.last_by_customer) == (
        alice,
        thandi,
        thandi,
        True,
    )
