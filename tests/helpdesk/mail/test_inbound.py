"""Mail that comes in: Alice writes, answers, attaches; Bob is unknown; a bounce, a loop, two at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from customers.models import Contact, Customer
from helpdesk.models import HelpdeskRules, InboundMail, MailRule, Post, Ticket
from helpdesk.services import tickets
from helpdesk.services.inbound import ingesting
from herotill.audit import acting
from herotill.messages.models import FailingAddress, Message
from herotill.messages.services import naming
from tests.factories.customers import make_customer
from tests.factories.helpdesk import make_department, make_priority, make_reason, make_ticket
from tests.factories.people import client_of, in_role
from tests.helpdesk.mail.letters import HELP, NOW, kept, letter, mailbox, take
from tests.portal.conftest import at_portal

pytestmark = pytest.mark.django_db
ALICE = "alice@wonderland.example"


@pytest.fixture
def alice() -> Customer:
    return make_customer(contact={"email": "Alice@Wonderland.example"})


def thread(ticket: Ticket) -> str:
    return f"<ticket-{ticket.pk}.{ticket.token}@tickets.herotill.example>"


@pytest.fixture(autouse=True)
def _our_domain(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Looking-glass <post@herotill.example>"


def test_alice_writes_and_has_a_ticket_with_what_she_attached(alice: Customer) -> None:
    body = (
        "--b\nContent-Type: text/plain\n\nSee the picture.\n-- \nAlice\n"
        "--b\nContent-Type: image/png; name=mast.png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--b--\n"
    )
    mail = take(letter(body, kind="multipart/mixed; boundary=b", subject="The mast"))
    ticket = Ticket.objects.get()
    assert (mail.outcome, mail.ticket, mail.customer_id) == ("new_ticket", ticket, alice.pk)
    assert (ticket.subject, ticket.customer, ticket.origin) == ("The mast", alice, "email")
    assert (ticket.requester_email, ticket.requester_name) == (ALICE, "Alice Liddel")
    post = ticket.posts.get()
    assert (post.kind, post.via, post.text) == ("said", "email", "See the picture.")
    assert [file.filename for file in post.files.all()] == ["mast.png"]
    assert kept(mail) == letter(
        body, kind="multipart/mixed; boundary=b", subject="The mast", message_id=f"<{mail.message_id}>"
    )


def test_she_is_thanked_but_not_for_ever(alice: Customer) -> None:
    for minute in range(5):
        take(letter(f"Again {minute}"), now=NOW + timedelta(minutes=minute))
    thanks = Message.objects.filter(template="ticket_opened", address=ALICE)
    assert (Ticket.objects.count(), thanks.count()) == (5, 3)
    take(letter("Much later"), now=NOW + timedelta(hours=2))
    assert thanks.count() == 4


@pytest.mark.parametrize("header", ["List_Id", "List_Unsubscribe"])
def test_a_mailing_list_is_taken_in_but_not_thanked(alice: Customer, header: str) -> None:
    assert take(letter(**{header: "<news.example>"})).outcome == "new_ticket"
    assert not Message.objects.filter(template="ticket_opened").exists()


def test_a_machine_opens_nothing_and_is_not_thanked(alice: Customer) -> None:
    assert take(letter(Auto_Submitted="auto-replied")).reason == "auto_submitted"
    assert not Ticket.objects.exists()
    assert not Message.objects.exists()


def test_her_answer_finds_the_ticket_and_opens_it_again(alice: Customer) -> None:
    ticket = make_ticket(alice, state="closed", now=NOW - timedelta(days=3))
    mail = take(letter("Still slow.\n\n> Is it solved?\n", References=thread(ticket)))
    ticket.refresh_from_db()
    assert (mail.outcome, mail.ticket, ticket.state) == ("reopen", ticket, "open")
    assert mail.post is not None
    assert mail.post.text == "Still slow."


def test_her_answer_to_what_was_closed_long_ago_is_a_ticket_that_follows(alice: Customer) -> None:
    old = make_ticket(alice, state="closed", now=NOW - timedelta(days=60))
    mail = take(letter(To=f"help+{old.pk}-{old.token}@isp.example"))
    assert mail.ticket is not None
    assert (mail.outcome, mail.ticket.linked_to) == ("new_ticket", old)


def test_the_same_mail_in_two_mailboxes_is_one_ticket(alice: Customer) -> None:
    raw, other = letter(), mailbox("sales@isp.example", make_department("Sales"))
    outcomes = [take(raw).outcome, take(raw, other).outcome, take(raw, other).outcome, take(raw).outcome]
    assert outcomes == ["new_ticket", "duplicate", "duplicate", "duplicate"]
    assert Ticket.objects.count() == 1
    assert InboundMail.objects.filter(outcome="duplicate").count() == 2


def test_bob_whom_nobody_knows_waits_for_a_decision(alice: Customer) -> None:
    mail = take(letter(sender="bob@elsewhere.example"))
    assert (mail.outcome, mail.ticket, mail.flags) == ("triage", None, [])
    assert not Ticket.objects.exists()


def test_s24_mail_in_the_name_of_staff_is_believed_only_with_our_servers_word(alice: Customer) -> None:
    ticket = make_ticket(alice, now=NOW - timedelta(hours=1))
    in_role("dora", "support", email="Dora@isp.example")
    forged = take(letter(sender="dora@isp.example", References=thread(ticket)))
    assert (forged.outcome, forged.flags) == ("triage", ["spoofed_staff"])
    assert ticket.posts.count() == 1


def test_what_dora_answers_by_mail_goes_on_where_the_ticket_was_merged_meanwhile(
    alice: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    dora = in_role("dora", "support", email="Dora@isp.example")
    HelpdeskRules.objects.update(authserv_id="mx.isp.example")
    ticket, into = (make_ticket(alice, now=NOW - timedelta(hours=hour)) for hour in (2, 1))
    whole = ingesting.outcome.judge

    def judge_then_merge(*args: Any, **kwargs: Any) -> Any:
        judged = whole(*args, **kwargs)
        tickets.merge(into=into, others=[ticket], actor=dora, now=NOW)
        return judged

    monkeypatch.setattr(ingesting.outcome, "judge", judge_then_merge)
    passed = {"Authentication_Results": "mx.isp.example; dmarc=pass"}
    mail = take(letter("Try it now.", sender="dora@isp.example", References=thread(ticket), **passed))
    assert (mail.outcome, mail.ticket) == ("reply", into)
    assert into.posts.get(kind="answer").text == "Try it now."


def test_s30_what_dora_mails_about_a_ticket_closed_long_ago_is_not_said_by_the_customer(
    alice: Customer,
) -> None:
    dora = in_role("dora", "support", email="Dora@isp.example")
    HelpdeskRules.objects.update(authserv_id="mx.isp.example")
    old = make_ticket(alice, state="closed", now=NOW - timedelta(days=60), requester_email=ALICE)
    passed = {"Authentication_Results": "mx.isp.example; dmarc=pass"}
    mail = take(letter("She never pays.", sender="dora@isp.example", References=thread(old), **passed))
    ticket = mail.ticket
    assert ticket is not None
    assert (mail.outcome, ticket.linked_to, ticket.requester_email) == ("new_ticket", old, ALICE)
    post = ticket.posts.get()
    assert (post.kind, post.author, post.text) == ("note", dora, "She never pays.")
    assert not Message.objects.exists()


def test_a_rule_puts_new_tickets_where_they_belong(alice: Customer) -> None:
    urgent, sales = make_priority("Urgent"), make_department("Sales")
    rule = {"subject": "QUOTE", "department": sales, "priority": urgent}
    MailRule.objects.create(position=2, **rule)
    MailRule.objects.create(position=1, subject="quote", sender="bob", closes=True, reason=make_reason())
    ticket = take(letter(subject="A  quote, please")).ticket
    assert ticket is not None
    assert (ticket.department, ticket.priority, ticket.state) == (sales, urgent, "open")


def test_a_rule_closes_what_nobody_has_to_read(alice: Customer) -> None:
    MailRule.objects.create(body="monitoring says", closes=True, reason=make_reason("Not for us"))
    ticket = take(letter("Monitoring says: up")).ticket
    assert ticket is not None
    assert (ticket.state, str(ticket.close_reason)) == ("closed", "Not for us")
    assert not Message.objects.exists()


def bounce(returned: str, *addresses: str) -> bytes:
    blocks = "".join(
        f"Final-Recipient: rfc822; {address}\nAction: failed\n\n" for address in addresses or [ALICE]
    )
    report = (
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n{blocks}"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {returned}\n\n--b--\n"
    )
    kind = "multipart/report; report-type=delivery-status; boundary=b"
    return letter(report, sender="mailer-daemon@mx.example", kind=kind)


def test_a_bounce_of_our_mail_marks_the_address_until_it_writes_again(alice: Customer) -> None:
    ticket = make_ticket(alice, now=NOW - timedelta(days=1))
    Message.objects.create(
        template="ticket_answer",
        channel="email",
        customer_id=alice.pk,
        address=ALICE,
        state="sent",
        sent_at=NOW,
        gateway_id="<77.abc@herotill.example>",
        subject_kind="ticket",
        subject_id=ticket.pk,
    )
    mail = take(bounce("<77.abc@herotill.example>"))
    assert (mail.outcome, mail.ticket_id, mail.failed_recipients) == ("bounce", ticket.pk, [ALICE])
    assert FailingAddress.objects.filter(address=ALICE).exists()
    assert Message.objects.get().state == "failed"
    desk = client_of(in_role("dora", "support"))
    card = f"/customers/{alice.code}/widgets/contacts/"
    assert "comes back" in desk.get(card).text
    assert Post.objects.filter(ticket=ticket, kind="event", text__contains="came back").exists()
    HelpdeskRules.objects.update(authserv_id="mx.isp.example")
    take(letter("I am her", Authentication_Results="mx.isp.example; dmarc=fail"))
    take(letter("So am I"))
    assert FailingAddress.objects.exists(), "whoever says so"
    take(letter("I am here", Authentication_Results="mx.isp.example; dmarc=pass"))
    assert not FailingAddress.objects.exists()


@pytest.mark.parametrize(
    ("returned", "known"),
    [
        ("{ours}", True),
        (" <01000189-abcdef-000000@eu.service.example> ", True),
        ("01000189-abcdef-000000", True),
        ("<{pk}.0123456789abcdef0123456789abcdef@herotill.example>", False),
        ("<{next}.{seal}@herotill.example>", False),
        ("<@herotill.example>", False),
        ("", False),
    ],
)
def test_what_comes_back_is_known_whatever_a_mail_service_called_it_and_not_by_guessing(
    alice: Customer, returned: str, known: bool
) -> None:
    message = Message.objects.create(
        template="ticket_answer",
        channel="email",
        address=ALICE,
        state="sent",
        sent_at=NOW,
        gateway_id="01000189-abcdef-000000",
    )
    ours = naming.message_id(message.pk, "herotill.example")
    seal = ours.partition(".")[2].partition("@")[0]
    said = returned.format(ours=ours, pk=message.pk, next=message.pk + 1, seal=seal)
    take(bounce(said))
    message.refresh_from_db()
    assert (message.state, FailingAddress.objects.exists()) == ("failed" if known else "sent", known)


def test_a_name_that_we_gave_holds_after_the_key_was_changed(settings: Any) -> None:
    named = naming.message_id(7, "herotill.example")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert naming.named_by(named) == 7
    settings.SECRET_KEY_FALLBACKS = []
    assert naming.named_by(named) is None


def test_a_report_marks_nobody_but_whom_that_mail_was_for(alice: Customer) -> None:
    Message.objects.create(
        template="ticket_answer",
        channel="email",
        address="Mallory@Elsewhere.example",
        state="sent",
        sent_at=NOW,
        gateway_id="<78.abc@herotill.example>",
    )
    mail = take(bounce("<78.abc@herotill.example>", "mallory@elsewhere.example", ALICE))
    assert mail.failed_recipients == [ALICE, "mallory@elsewhere.example"]
    assert [one.address for one in FailingAddress.objects.all()] == ["mallory@elsewhere.example"]


def test_a_report_about_a_ticket_marks_only_whom_we_write_to_about_it(alice: Customer) -> None:
    ticket = make_ticket(requester_email="carol@elsewhere.example", now=NOW - timedelta(days=1))
    mail = take(bounce(thread(ticket), ALICE, "call 0800 <b>evil"))
    assert (mail.outcome, mail.ticket_id, mail.failed_recipients) == ("bounce", ticket.pk, [ALICE])
    assert (FailingAddress.objects.count(), ticket.posts.filter(kind="event").count()) == (0, 0)
    take(bounce(thread(ticket), "carol@elsewhere.example", ALICE))
    assert [one.address for one in FailingAddress.objects.all()] == ["carol@elsewhere.example"]
    assert ticket.posts.get(kind="event").text == "Our mail to carol@elsewhere.example came back."


def test_a_report_about_mail_that_is_not_ours_marks_nobody(alice: Customer) -> None:
    mail = take(bounce("<forged@elsewhere.example>"))
    assert (mail.outcome, mail.customer_id) == ("bounce", alice.pk)
    assert not FailingAddress.objects.exists()


@pytest.mark.parametrize("text", ["", "\x00\x01", "x" * 200_000, "\ud800"])
def test_whatever_is_in_it_it_is_taken_in(alice: Customer, text: str) -> None:
    raw = letter("").replace(b"\n\n", b"\n\n" + text.encode("utf-8", "surrogatepass"), 1)
    assert take(raw).outcome == "new_ticket"
    assert len(Post.objects.get(kind="said").text) <= 50_000


@pytest.mark.parametrize(
    "sender",
    [
        "Jörg <alice@wonderland.example>".encode(),
        b"=?utf-8?q?J=F6rg?= <alice@wonderland.example>",
        b"J\xf6rg\0 <alice@wonderland.example>",
        "ö@wonderland.example".encode(),
        b"\xf6@wonderland.example",
        b"a\0b@wonderland.example",
    ],
)
def test_whatever_the_sender_is_called_it_is_taken_in(alice: Customer, sender: bytes) -> None:
    raw = letter().replace(b"Alice Liddel <alice@wonderland.example>", sender)
    mail = take(raw.replace(b"Message-ID: <", b"Message-ID: <\0"))
    assert mail.outcome == ("refused" if b"a\0b" in sender else "new_ticket" if b"<" in sender else "triage")
    mail.refresh_from_db()
    assert kept(mail)


def test_attachments_and_reports_with_what_cannot_be_kept_are_taken_in(alice: Customer) -> None:
    part = "--b\nContent-Type: image/\0png; name=a\0.png\nContent-ID: <a\0b>\n\nx\n--b--\n"
    assert take(letter(part, kind="multipart/mixed; boundary=b")).outcome == "new_ticket"
    assert take(bounce("<\0@herotill.example>", "a\0lice@wonderland.example")).failed_recipients == [ALICE]


def test_what_is_refused_is_written_down_once(alice: Customer) -> None:
    raw, other = b"To: help@isp.example\n\nHello", mailbox("sales@isp.example", make_department("Sales"))
    first = take(raw)
    assert take(raw, now=NOW + timedelta(days=40)) == first
    assert take(raw, other) != first
    assert InboundMail.objects.count() == 2


def test_a_duplicate_is_found_without_reading_all_mail(alice: Customer) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    found = InboundMail.objects.filter(key="x", mailbox=1, outcome="duplicate").order_by()
    assert "mail_by_key" in found.explain()


def test_s24_who_was_handed_a_mail_of_ours_is_not_answered_in_the_customers_place(alice: Customer) -> None:
    old = make_ticket(
        alice, state="closed", now=NOW - timedelta(days=60), requester_email=ALICE, requester_name="Alice"
    )
    mail = take(letter("Send it to me.", sender="mallory@elsewhere.example", References=thread(old)))
    ticket = mail.ticket
    assert ticket is not None
    assert (mail.outcome, ticket.linked_to, ticket.customer) == ("new_ticket", old, alice)
    assert (ticket.requester_email, ticket.requester_name) == (ALICE, "Alice")
    assert ticket.posts.get().author_email == "mallory@elsewhere.example"
    assert not Message.objects.exists()
    desk = client_of(in_role("dora", "support"))
    assert "Not known on this ticket" in desk.get(f"/helpdesk/tickets/{ticket.pk}/").text


def test_the_ticket_says_who_is_not_known_on_it(alice: Customer) -> None:
    ticket = make_ticket(alice, now=NOW - timedelta(hours=1))
    desk = client_of(in_role("dora", "support"))
    take(letter("It is me.", References=thread(ticket)))
    assert "Not known on this ticket" not in desk.get(f"/helpdesk/tickets/{ticket.pk}/").text
    take(letter("Pay there.", sender="mallory@elsewhere.example", References=thread(ticket)))
    assert desk.get(f"/helpdesk/tickets/{ticket.pk}/").text.count("Not known on this ticket") == 1


def test_mail_without_a_sender_is_refused_and_kept(alice: Customer) -> None:
    mail = take(b"To: help@isp.example\n\nHello")
    assert (mail.outcome, mail.reason, kept(mail)) == (
        "refused",
        "no_sender",
        b"To: help@isp.example\n\nHello",
    )
    assert mail.mailbox.address == HELP


def test_s23_nobody_gets_anothers_mail_by_naming_their_address_in_the_portal(alice: Customer) -> None:
    portal = at_portal(alice)
    values = {"name": "Me, too", "email": "Bob@Example.com", "purposes": ["tickets"]}
    assert portal.post("/portal/contacts/new/", values).status_code == 302
    mail = take(letter("My password is …", sender="bob@example.com", subject="Private"))
    assert (mail.outcome, mail.customer_id) == ("triage", None)
    assert "Private" not in portal.get("/portal/tickets/").text
    friend = Contact.objects.get(email="bob@example.com")
    friend.email_verified_at = NOW
    friend.save()
    assert take(letter(sender="bob@example.com")).customer_id == alice.pk, "a mailed link proved it"


def test_s23_an_address_that_staff_wrote_down_is_believed(alice: Customer) -> None:
    values = {"name": "Shop", "email": "shop@example.com", "purposes": ["tickets"]}
    at_portal(alice).post("/portal/contacts/new/", values)
    shop = Contact.objects.get(email="shop@example.com")
    assert take(letter(sender="shop@example.com")).outcome == "triage"
    with acting(actor=in_role("Naledi", "administrator"), source="/customers/"):
        for email in ("other@example.com", "shop@example.com"):
            Contact.objects.filter(pk=shop.pk).update(email=email)
    assert take(letter(sender="shop@example.com")).customer_id == alice.pk
