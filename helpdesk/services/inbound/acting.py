"""What a message does: it speaks on a ticket, opens one, or tells that a mail of ours came back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from customers.models import Customer
from helpdesk.models import Department, InboundMail, MailRule, Post, Ticket
from helpdesk.policies import tickets as policy
from helpdesk.policies.mail import authenticity, cleaning, rules
from helpdesk.policies.mail.known import Attachment, Judgement
from helpdesk.policies.mail.outcome import Letter
from helpdesk.policies.mail.tickets import STRANGER
from helpdesk.selectors import inbound as reading
from helpdesk.selectors.rules import rules as rules_of_desk
from helpdesk.services import tickets
from helpdesk.services.inbound import acknowledging, bouncing
from helpdesk.services.tickets import NewFile, Writer, posting
from herotill.access import may
from herotill.messages.services import failing
from herotill.users.models import User

Outcome = InboundMail.Outcome
NO_TEXT = "(The mail has no text.)"
CUT = "\n\n(The rest is in the mail as it came.)"


def act(mail: InboundMail, judged: Judgement, letter: Letter, now: datetime) -> None:
    """Do what was judged, and say in `mail` where it went."""
    if judged.outcome == Outcome.BOUNCE:
        bouncing.take(mail, letter.returned_id, now)
    elif judged.outcome in (Outcome.REPLY, Outcome.REOPEN):
        _reply(mail, judged, now)
    elif judged.outcome == Outcome.NEW_TICKET:
        _open(mail, judged, letter, now)
    if judged.customer and judged.outcome != Outcome.BOUNCE and _is_theirs(letter):
        failing.works_again(address=letter.sender)


def _is_theirs(letter: Letter) -> bool:
    """Whether our mail server found that it is from whom it says it is."""
    name = rules_of_desk().authserv_id.strip()
    return authenticity.is_authenticated(letter.message, sender=letter.sender, authserv_id=name)


def words(judged: Judgement) -> str:
    """The text of a post: never empty, never longer than one may be."""
    text = policy.clean(judged.text or "") or NO_TEXT
    return text if len(text) <= policy.TEXT else text[: policy.TEXT - len(CUT)] + CUT


def files(kept: Sequence[Attachment]) -> list[NewFile]:
    return [NewFile(one.name, one.content, one.content_type, one.content_id) for one in kept]


def page(judged: Judgement) -> str:
    return cleaning.cleaned(judged.html) if judged.html else ""


def _reply(mail: InboundMail, judged: Judgement, now: datetime) -> None:
    ticket = posting.hold_where_it_goes_on(Ticket(pk=judged.ticket))
    staff = _staff(judged)
    if staff:
        mail.post = _ours(ticket, judged, staff, now)
    else:
        mail.post = say(mail, ticket, judged, now)
    mail.ticket = mail.post.ticket


def say(mail: InboundMail, ticket: Ticket, judged: Judgement, now: datetime) -> Post:
    """Whoever wrote speaks on a ticket."""
    return tickets.say(
        ticket=ticket,
        text=words(judged),
        via=Post.Via.EMAIL,
        now=now,
        author_name=mail.sender_name,
        author_email=mail.sender,
        files=files(judged.attachments),
        html=page(judged),
    )


def _ours(ticket: Ticket, judged: Judgement, actor: User, now: datetime) -> Post:
    """One of us answers by mail; from who may not answer it is a note, and so it is on a ticket long closed."""
    if not may(actor, "helpdesk.answer_ticket") or ticket.state == Ticket.State.CLOSED:
        return tickets.note(
            ticket=ticket, text=words(judged), actor=actor, now=now, files=files(judged.attachments)
        )
    return tickets.answer(
        ticket=ticket, text=words(judged), actor=actor, now=now, files=files(judged.attachments)
    )


def _staff(judged: Judgement) -> User | None:
    sender = judged.sender or ""
    return reading.staff_by_address([sender]).get(sender) if "staff" in judged.flags else None


def _open(mail: InboundMail, judged: Judgement, letter: Letter, now: datetime) -> None:
    rule = _rule(mail, judged, letter)
    staff = _staff(judged)
    stranger = STRANGER in judged.flags
    linked_to = Ticket.objects.get(pk=judged.linked_ticket) if judged.linked_ticket else None
    ticket = open_ticket(
        mail,
        judged,
        now,
        department=(rule and rule.department) or mail.mailbox.department,
        rule=rule,
        customer=Customer.objects.get(pk=int(judged.customer)) if judged.customer else None,
        actor=staff,
        linked_to=linked_to,
        asked_by=linked_to if staff or stranger else None,
    )
    if rule and rule.closes:
        tickets.close(
            ticket=ticket, reason=rule.reason, actor=None, now=now, words="By a mail rule.", via=Post.Via.JOB
        )
    elif not staff and not stranger and mail.post:
        acknowledging.acknowledge(mail.post, letter.message, now)


def open_ticket(
    mail: InboundMail,
    judged: Judgement,
    now: datetime,
    *,
    department: Department,
    rule: MailRule | None = None,
    customer: Customer | None = None,
    actor: User | None = None,
    linked_to: Ticket | None = None,
    asked_by: Ticket | None = None,
) -> Ticket:
    """A ticket of what was written, asked for by whoever wrote; or by who asked for the ticket `asked_by`.

    Somebody to whom a mail of ours was handed on may write about it; we answer those whose ticket it was. What
    somebody of ours (`actor`) writes is a note: it was not said by the customer, who may not read it.
    """
    wrote = Writer(mail.sender_name, mail.sender)
    requester = Writer(asked_by.requester_name, asked_by.requester_email) if asked_by else wrote
    ticket = tickets.open_ticket(
        subject=judged.subject or "",
        text=words(judged),
        department=department,
        category=rule.category if rule else None,
        priority=rule.priority if rule else None,
        actor=actor,
        now=now,
        origin=Ticket.Origin.EMAIL,
        kind=Post.Kind.NOTE if actor else "",
        customer=customer,
        requester_name=requester.name,
        requester_email=requester.email,
        writer=wrote,
        linked_to=linked_to,
        files=files(judged.attachments),
        html=page(judged),
        via=Post.Via.EMAIL,
    )
    mail.ticket, mail.post = ticket, ticket.posts.order_by("pk")[0]
    return ticket


def _rule(mail: InboundMail, judged: Judgement, letter: Letter) -> MailRule | None:
    """The first rule that says something about this message."""
    said = rules.Said(
        sender=f"{mail.sender_name} {mail.sender}",
        recipient=" ".join([mail.mailbox.address, *rules.recipients(letter.message)]),
        subject=judged.subject or "",
        body=judged.text or "",
    )
    for rule in reading.mail_rules():
        wanted = rules.Said(rule.sender, rule.recipient, rule.subject, rule.body)
        if rule.mailbox_id in (None, mail.mailbox_id) and rules.matches(wanted, said):
            return rule
    return None
