"""What the database itself refuses about tickets, posts and files."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from helpdesk.models import Post, PostFile, Ticket
from helpdesk.services import tickets
from herotill.search import find
from tests.factories import make_customer, make_person
from tests.factories.helpdesk import NOON, make_ticket, say

pytestmark = pytest.mark.django_db


@contextmanager
def refused(named: str) -> Iterator[None]:
    """The database says no by the rule of this name."""
    with pytest.raises(IntegrityError) as no:
        yield
    assert no.value.__cause__.diag.constraint_name == named


def test_what_was_said_is_neither_changed_nor_deleted():
    ticket = make_ticket()
    said = ticket.posts.filter(kind="said")

    for change in ({"text": "I never said so"}, {"kind": "note"}, {"at": NOON - timedelta(days=1)}):
        with refused("posts_stand"), transaction.atomic():
            said.update(**change)
    with refused("posts_stand"), transaction.atomic():
        said.delete()
    with refused("posts_stand"), transaction.atomic():
        said.update(ticket=make_ticket())
    assert said.get().text == "It does not work since this morning."


def test_what_was_said_is_blanked_only_where_the_ticket_is_forgotten():
    ticket = make_ticket(requester_name="Alice", state="closed")
    posts = Post.objects.filter(ticket=ticket, kind="said")

    with refused("posts_stand"), transaction.atomic():
        posts.update(text="")
    Ticket.objects.filter(pk=ticket.pk).update(forgotten_on=NOON.date())
    posts.update(text="", author_name="")
    with refused("posts_stand"), transaction.atomic():
        posts.update(text="", at=NOON - timedelta(days=1))
    with refused("ticket_stays_forgotten"), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(forgotten_on=None)
    assert posts.get().text == ""


def test_files_stay_as_they_came():
    thandi = make_person("Thandi")
    file = tickets.NewFile("photo.txt", b"blinks red", "text/plain")
    ticket = make_ticket()
    tickets.note(ticket=ticket, text="Look", files=[file, file], actor=thandi, now=NOON)

    kept = PostFile.objects.get()
    with kept.file.open() as stored:
        assert stored.read() == b"blinks red"
    assert (kept.size, kept.sha256) == (10, file.sha256)
    with refused("posted_files_stand"), transaction.atomic():
        PostFile.objects.update(filename="other.txt")
    with refused("posted_files_stand"), transaction.atomic():
        kept.delete()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"state": "closed"}, "closed_ticket_has_a_reason"),
        ({"state": "closed", "closed_at": NOON}, "closed_ticket_has_a_reason"),
        ({"closed_at": NOON}, "closed_ticket_has_a_time"),
        ({"answered_at": NOON - timedelta(hours=1)}, "ticket_is_answered_after_it_opens"),
        ({"last_at": NOON - timedelta(hours=1)}, "ticket_speaks_after_it_opens"),
        ({"close_words": "why"}, "only_closed_tickets_have_reasons"),
        ({"state": "asleep"}, "ticket_state_known"),
        ({"origin": "email"}, "ticket_stands"),
        ({"token": "other"}, "ticket_stands"),
        ({"link_version": 0}, "ticket_stands"),
        ({"reopened": 1}, "ticket_counts_reopenings"),
        ({"opened_at": NOON + timedelta(hours=1), "last_at": NOON + timedelta(hours=2)}, "ticket_stands"),
    ],
)
def test_a_ticket_whose_state_and_times_disagree_is_refused(change, named):
    ticket = make_ticket()
    with refused(named), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(**change)
    assert Ticket.objects.get(pk=ticket.pk).state == "open"


def test_a_closed_ticket_opens_again_only_by_counting_it():
    ticket = make_ticket(state="closed")
    opened = {"state": "open", "closed_at": None, "close_reason": None}

    with refused("ticket_counts_reopenings"), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(**opened)
    assert Ticket.objects.filter(pk=ticket.pk).update(**opened, reopened=1) == 1


def test_a_merged_ticket_stays_where_it_went():
    alice = make_customer("Alice Liddel", "ALI001")
    one, two, three = (make_ticket(alice) for _ in range(3))
    tickets.merge(into=one, others=[two], actor=None, now=NOON)

    with refused("merged_ticket_stands"), transaction.atomic():
        Ticket.objects.filter(pk=two.pk).update(merged_into=None, close_reason_id=1)
    with refused("merged_ticket_leads_on"), transaction.atomic():
        Ticket.objects.filter(pk=three.pk).update(merged_into=two, state="closed", closed_at=NOON)
    with refused("nothing_is_said_on_merged_tickets"), transaction.atomic():
        Post.objects.create(ticket=two, kind="said", text="Here")
    with refused("tickets_are_kept"), transaction.atomic():
        connection.cursor().execute("DELETE FROM helpdesk_ticket WHERE id = %s", [one.pk])
    assert say(two).ticket == one


def test_a_ticket_is_found_by_number_subject_and_requester():
    thandi = make_person("Thandi", "helpdesk.view_ticket")
    dora = make_person("Dora", "customers.view_customer")
    ticket = make_ticket(subject="Radio blinks", requester_email="carol@example.com")

    for text in (str(ticket.pk), f"#{ticket.pk}", "radio bli", "carol@example.com"):
        (group,) = [one for one in find(thandi, text).groups if one.name == "ticket"]
        assert [hit.code for hit in group.hits] == [f"#{ticket.pk}"]
        assert not [one for one in find(dora, text).groups if one.name == "ticket"]
    assert find(thandi, str(ticket.pk)).exact[0].url == f"/helpdesk/tickets/{ticket.pk}/"
    tickets.move(ticket=ticket, subject="Mast hums", actor=thandi, now=NOON)
    assert not find(thandi, "radio bli").groups
    assert find(thandi, "mast").groups
