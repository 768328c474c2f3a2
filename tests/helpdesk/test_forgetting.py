"""Former customers' tickets, mails and ratings lose what is personal; that they were, and how they ended, stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from customers.models import Customer
from customers.own_data import own_data
from customers.services import anonymising
from helpdesk.models import InboundMail, Mailbox, Post, PostFile, Presence, Rating, Ticket
from helpdesk.services import forgetting, telling, tickets
from helpdesk.services.tickets import NewFile
from herotill import events
from herotill.messages.models import Message
from herotill.models import Fact, RetentionRules, SearchDocument
from tests.factories import make_customer, make_person
from tests.factories.customers import ContactFactory
from tests.factories.helpdesk import NOON, make_department, make_reason, make_ticket, say

pytestmark = pytest.mark.django_db
CANARY = "Canary"
DAY = timedelta(days=1)
LATER = NOON + 800 * DAY
FILE = NewFile("Canary.txt", b"Canary sings", "text/plain")
TABLES = (Ticket, Post, PostFile, InboundMail, Rating, SearchDocument, Fact)


def mail_of(ticket: Ticket | None, at: datetime, **fields: Any) -> InboundMail:
    box, _ = Mailbox.objects.get_or_create(address="help@isp.example", department=make_department())
    number = InboundMail.objects.count()
    given: dict[str, Any] = {"outcome": "new_ticket", "sender": "canary@example.com", "subject": CANARY}
    found = InboundMail(mailbox=box, ticket=ticket, **{"key": f"{number:064}"} | given | fields)
    found.raw.save(f"{number}.eml", ContentFile(b"From: Canary"), save=False)
    found.received_at = at
    found.save()
    return found


def talk(customer: Customer | None, now: datetime = NOON, **fields: Any) -> Ticket:
    """A ticket in which everything is personal, closed."""
    number = Ticket.objects.count()
    thandi = make_person(f"Thandi{number}")
    wrote = {"requester_name": CANARY, "requester_email": "canary@example.com", "origin": "email"}
    ticket = make_ticket(customer, f"{CANARY} calls", now=now, files=[FILE], **wrote | fields)
    sipho = make_person(f"Sipho{number}", "helpdesk.view_ticket", email=f"sipho{number}@isp.example")
    tickets.watch(ticket=ticket, user=sipho)
    tickets.note(ticket=ticket, text=f"{CANARY} is odd", actor=thandi, now=now)
    tickets.answer(ticket=ticket, text=f"Dear {CANARY}", actor=thandi, now=now)
    say(ticket, f"{CANARY} here", now=now, author_name=CANARY)
    tickets.close(ticket=ticket, reason=make_reason(), words=CANARY, actor=thandi, now=now)
    mail_of(ticket, now, customer=customer)
    events.hand_out(now)
    return ticket


def everything_known() -> str:
    rows = [str(list(table.objects.values())) for table in TABLES]
    return "".join([*rows, str(list(Message.objects.values()))])


@pytest.fixture
def xan() -> Customer:
    return make_customer(
        "Xan Canary", "XAN001", status="cancelled", contact={"email": "canary@example.com", "name": CANARY}
    )


def test_s29_what_a_former_customer_said_and_sent_is_gone_and_the_ticket_stays(xan: Customer) -> None:
    ticket = talk(xan)
    unknown = mail_of(None, NOON, outcome="ignored", key="")
    Rating.objects.create(
        customer=xan, kind="ticket", subject_id=ticket.pk, stars=2, submitted_at=NOON, comment=CANARY
    )
    assert Message.objects.filter(address="sipho0@isp.example").exists(), "a colleague was told"
    names = [ticket.posts.earliest("pk").files.get().file.name, *_raw()]
    assert all(default_storage.exists(name) for name in names)

    with transaction.atomic():
        assert anonymising.anonymise(
            customers=[xan.pk], reason="", asked_by=None, approved_by=None, now=LATER
        )

    assert CANARY.lower() not in everything_known().lower()
    ticket.refresh_from_db()
    assert (ticket.subject, ticket.state, ticket.close_reason.name) == ("Former ticket", "closed", "Solved")
    assert ticket.forgotten_on is not None
    assert set(ticket.posts.values_list("text", flat=True)) == {"•••"}
    assert Rating.objects.get().stars == 2
    unknown.refresh_from_db()
    assert (unknown.sender, unknown.outcome) == ("", "ignored")


def test_s29_what_was_merged_goes_with_what_it_was_merged_into(xan: Customer) -> None:
    wrote = {"requester_name": CANARY, "requester_email": "canary@example.com", "origin": "email"}
    nobodys, shop, hers = make_ticket(**wrote), make_ticket(**wrote), make_ticket(xan, CANARY, **wrote)
    mail_of(nobodys, NOON, post=nobodys.posts.get(), sender_name=CANARY)
    tickets.merge(into=shop, others=[nobodys], actor=None, now=NOON)
    shop.refresh_from_db()
    tickets.merge(into=hers, others=[shop], actor=None, now=NOON)
    Ticket.objects.filter(pk=nobodys.pk).update(customer=None)
    tickets.close(ticket=hers, reason=make_reason(), actor=None, now=NOON)
    events.hand_out(NOON)
    with transaction.atomic():
        assert anonymising.anonymise(
            customers=[xan.pk], reason="", asked_by=None, approved_by=None, now=LATER
        )
    assert CANARY.lower() not in everything_known().lower()
    assert set(Ticket.objects.values_list("subject", flat=True)) == {"Former ticket"}


def test_s29_what_nobody_put_to_the_customer_goes_by_the_address_that_was_theirs_alone(xan: Customer) -> None:
    wrote, shared = {"requester_name": CANARY, "requester_email": "canary@example.com"}, "shop@example.com"
    ContactFactory(customer=xan, email=shared)
    make_customer("Bob Dlamini", "BOB001", contact={"email": shared})
    hers = make_ticket(subject=CANARY, files=[FILE], state="closed", **wrote)
    open_one, bobs = make_ticket(**wrote), make_ticket(subject="Ours", requester_email=shared, state="closed")
    forgetting.of_customers([xan.pk], LATER)
    for ticket, gone in ((hers, True), (open_one, False), (bobs, False)):
        ticket.refresh_from_db()
        assert (ticket.forgotten_on is not None) is gone
    assert (hers.subject, hers.requester_email) == ("Former ticket", "")
    assert not PostFile.objects.exists()


def test_s29_mail_whose_words_moved_to_another_ticket_goes_with_that(xan: Customer) -> None:
    ticket = make_ticket(make_customer("Bob Dlamini", "BOB001"))
    mail_of(ticket, NOON, post=say(ticket, f"{CANARY} here", author_name=CANARY), sender_name=CANARY)
    made = tickets.split(
        ticket=ticket, posts=[ticket.posts.latest("pk").pk], subject=CANARY, actor=None, now=NOON
    )
    Ticket.objects.filter(pk=made.pk).update(customer=xan)
    forgetting.of_customers([xan.pk], LATER)
    assert CANARY.lower() not in str([*Post.objects.values(), *InboundMail.objects.values()]).lower()
    ticket.refresh_from_db()
    assert (ticket.subject, ticket.forgotten_on) == ("No connection", None)


def test_s29_mail_about_many_tickets_says_nothing_personal() -> None:
    thandi = make_person("Thandi", email="thandi@isp.example")
    first, last = (make_ticket(subject=f"{CANARY} calls", assignee=thandi, now=NOON) for _ in range(2))
    Ticket.objects.update(answer_due_at=NOON, warned_of=None, late_of=None)
    assert telling.warn(now=NOON + DAY) == 2
    said = Message.objects.get(template=telling.LATE).context["tickets"]
    assert all(f"#{one.pk} " in said for one in (first, last))
    assert CANARY not in said


def _raw() -> list[str]:
    return [str(name) for name in InboundMail.objects.values_list("raw", flat=True)]


@pytest.mark.django_db(transaction=True)
def test_s29_files_go_with_their_rows(xan: Customer) -> None:
    ticket = talk(xan)
    names = [ticket.posts.earliest("pk").files.get().file.name, *_raw()]
    assert anonymising.anonymise(customers=[xan.pk], reason="", asked_by=None, approved_by=None, now=LATER)
    assert not any(default_storage.exists(name) for name in names)
    assert not PostFile.objects.exists()


def test_s29_who_has_an_open_ticket_waits(xan: Customer) -> None:
    make_ticket(xan)
    assert forgetting.who_waits([xan.pk], LATER.date()) == {xan.pk: "A ticket is open."}
    assert not anonymising.anonymise(
        customers=[xan.pk], reason="", asked_by=None, approved_by=None, now=LATER
    )


def test_s29_nothing_but_forgetting_changes_what_was_said(xan: Customer) -> None:
    post = talk(xan).posts.earliest("pk")
    for change in (lambda: Post.objects.filter(pk=post.pk).update(text="Else"), post.files.get().delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_s29_closed_tickets_of_people_who_are_no_customers_go_after_their_months(xan: Customer) -> None:
    long_ago, lately, his = talk(None, NOON), talk(None, LATER - 30 * DAY), talk(xan, NOON)
    assert forgetting.of_nobody(LATER) == "1 tickets blanked."
    for ticket, gone in ((long_ago, True), (lately, False), (his, False)):
        ticket.refresh_from_db()
        assert (ticket.subject == "Former ticket") is gone
    assert forgetting.of_nobody(LATER) == ""
    RetentionRules.objects.update(anonymise_after_months=0)
    assert forgetting.of_nobody(LATER) == "1 tickets blanked."
    assert CANARY not in str(list(Post.objects.filter(ticket=lately).values()))


def test_s29_a_merged_ticket_of_nobody_goes_with_the_one_that_goes_on() -> None:
    wrote = {"requester_email": "canary@example.com", "requester_name": CANARY}
    merged, target = make_ticket(**wrote), make_ticket(**wrote)
    tickets.merge(into=target, others=[merged], actor=None, now=NOON)
    assert forgetting.of_nobody(LATER) == ""
    assert merged.posts.model.objects.filter(text="•••").count() == 0
    tickets.close(ticket=target, reason=make_reason(), actor=None, now=NOON)
    assert forgetting.of_nobody(LATER) == "1 tickets blanked."
    assert CANARY not in str([*Ticket.objects.values(), *Post.objects.values()])


def test_s29_split_from_what_was_merged_goes_with_the_customer(xan: Customer) -> None:
    wrote = {"requester_email": "canary@example.com", "requester_name": CANARY}
    nobodys, hers = (
        make_ticket(None, CANARY, text=f"{CANARY} sings", **wrote),
        make_ticket(xan, CANARY, **wrote),
    )
    tickets.merge(into=hers, others=[nobodys], actor=None, now=NOON)
    made = tickets.split(
        ticket=hers, posts=[nobodys.posts.model.objects.get(text=f"{CANARY} sings").pk], subject=CANARY,
        actor=None, now=NOON,
    )  # fmt: skip
    assert made.customer == xan
    for one in (hers, made):
        tickets.close(ticket=one, reason=make_reason(), words=CANARY, actor=None, now=NOON)
    forgetting.of_customers([xan.pk], LATER)
    assert CANARY not in str([*Ticket.objects.values(), *Post.objects.values()])
    assert forgetting.of_nobody(LATER) == ""


def test_s29_what_was_merged_is_of_the_customer_to_whom_the_ticket_was_given_then(xan: Customer) -> None:
    """Xan's two tickets became one, which turned out to be Bob's."""
    bob = make_customer("Bob Bubble", "BOB001")
    merged, into = make_ticket(xan), make_ticket(xan)
    tickets.merge(into=into, others=[merged], actor=None, now=NOON)
    tickets.link(ticket=into, customer=bob, actor=None, now=NOON)
    merged.refresh_from_db()
    assert merged.customer == bob
    forgetting.of_customers([xan.pk], LATER)
    merged.refresh_from_db()
    assert merged.forgotten_on is None


def test_s29_mail_as_it_came_goes_and_what_became_nothing_goes_whole() -> None:
    ticket = make_ticket()
    of_ticket = mail_of(ticket, NOON)
    ignored = mail_of(None, NOON, outcome="ignored", key="")
    undecided = mail_of(None, NOON, outcome="triage")
    waits = mail_of(None, LATER - DAY, outcome="triage")
    fresh = mail_of(ticket, LATER - DAY)
    assert forgetting.raw_mail(LATER) == "3 mails."
    assert not InboundMail.objects.filter(pk__in=[ignored.pk, undecided.pk]).exists()
    kept = {one.pk: bool(one.raw) for one in InboundMail.objects.all()}
    assert kept == {of_ticket.pk: False, waits.pk: True, fresh.pk: True}
    of_ticket.refresh_from_db()
    assert of_ticket.sender == "canary@example.com"
    assert forgetting.raw_mail(LATER) == ""


def test_who_looked_at_a_ticket_yesterday_is_forgotten() -> None:
    ticket = make_ticket()
    for name, at in (("Thandi", NOON), ("Sipho", NOON - 2 * DAY)):
        Presence.objects.create(ticket=ticket, user=make_person(name), seen_at=at)
    assert forgetting.presences(NOON) == "1 rows."
    assert Presence.objects.get().seen_at == NOON


def test_alices_copy_of_her_data_holds_her_tickets_without_our_notes(xan: Customer) -> None:
    ticket = talk(xan)
    talk(make_customer("Bob Dlamini", "BOB001"))
    Rating.objects.create(customer=xan, kind="general", stars=4, submitted_at=NOON, comment="Fine")
    Rating.objects.create(customer=xan, kind="general")
    words = list(own_data["tickets"].rows(xan))
    assert {row["Ticket"] for row in words} == {ticket.pk}
    assert [row["Words"] for row in words] == [
        "It does not work since this morning.",
        f"Dear {CANARY}",
        f"{CANARY} here",
    ]
    files = list(own_data["tickets"].files(xan))
    assert [one.read() for one in files] == [b"Canary sings"]
    assert [(row["Stars"], row["Comment"]) for row in own_data["ratings"].rows(xan)] == [(4, "Fine")]
