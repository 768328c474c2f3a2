"""What is known of those whom a message names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Lower

from helpdesk.models import HelpdeskRules, InboundMail, Mailbox, MailRule
from helpdesk.policies.mail.known import House, Known, KnownTicket, Limits
from helpdesk.policies.mail.outcome import Letter
from helpdesk.selectors.rules import rules
from herotill.settled import once
from herotill.users.models import User

CUSTOMERS = """
SELECT asked.address, c.customer_id FROM unnest(%s::text[]) AS asked (address)
JOIN customers_contact c ON customers_addresses(c.email, c.other_emails) @> ARRAY[asked.address]
LEFT JOIN LATERAL (
    SELECT u.kind = 'portal' AS by_themselves FROM house_auditevent e JOIN users_user u ON u.id = e.actor_id
    WHERE NOT c.is_primary AND c.email_verified_at IS NULL AND e.customer_id = c.customer_id
      AND e.model = 'customers.contact' AND e.object_id = c.id::text AND lower(e.new->>'email') = asked.address
    ORDER BY e.at DESC, e.id DESC LIMIT 1
) given ON true
WHERE given.by_themselves IS NOT TRUE
GROUP BY 1, 2
"""
TICKETS = """
WITH RECURSIVE chain (id, merged_into_id) AS (
    SELECT id, merged_into_id FROM helpdesk_ticket WHERE id = ANY (%s)
    UNION SELECT t.id, t.merged_into_id FROM helpdesk_ticket t JOIN chain ON t.id = chain.merged_into_id
)
SELECT t.id, t.token, t.state = 'closed', t.closed_at, t.merged_into_id, d.name, t.customer_id, t.requester_email
FROM helpdesk_ticket t JOIN chain USING (id) JOIN helpdesk_department d ON d.id = t.department_id
"""


def house() -> House:
    """What is the same for every message that comes in now."""
    ruled = rules()
    return House(
        tickets_domain=tickets_domain(ruled),
        authserv_id=ruled.authserv_id.strip(),
        limits=Limits(reopen_days=ruled.reopen_days),
        mailboxes=dict(Mailbox.objects.values_list("address", "department__name")),
    )


@once
def mail_rules() -> list[MailRule]:
    """The rules that count, first to last."""
    named = ("department", "category", "priority", "reason")
    return list(MailRule.objects.filter(retired=False).select_related(*named))


def tickets_domain(ruled: HelpdeskRules) -> str:
    """What stands behind the @ in the names that our mails give to tickets."""
    sent_from = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return (ruled.tickets_domain.strip() or f"tickets.{sent_from}").lower()


def known(letter: Letter, *, now: datetime) -> Known:
    """What is known of sender, tickets and addresses of a message. Customers are named by their ids."""
    return Known(
        now=now,
        staff=_staff(letter.addresses),
        customers=customers_by_address(letter.addresses),
        tickets=_tickets(letter.ticket_ids),
        seen=taken(letter.key).exists(),
    )


def taken(key: str) -> QuerySet[InboundMail]:
    """The message of this key that was taken in; later ones of the same key are duplicates."""
    return InboundMail.objects.filter(key=key).exclude(key="").exclude(outcome__in=["duplicate", "refused"])


def _staff(addresses: Collection[str]) -> frozenset[str]:
    return frozenset(staff_by_address(addresses))


def staff_by_address(addresses: Collection[str]) -> Mapping[str, User]:
    """Who of ours that may log in has which of these addresses, given in lower case."""
    staff = User.objects.filter(kind=User.Kind.STAFF, is_active=True).exclude(email="")
    found = staff.annotate(address=Lower("email")).filter(address__in=addresses).order_by("-pk")
    return {user.email.lower(): user for user in found}


def customers_by_address(addresses: Collection[str]) -> Mapping[str, frozenset[str]]:
    """Who has these addresses, by what we captured or what was proved.

    What customers add to their contacts themselves is not believed until a mailed link proved it: they would read
    in the portal what somebody else writes to us.
    """
    found: dict[str, set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(CUSTOMERS, [list(addresses)])
        for address, customer in cursor.fetchall():
            found[address].add(str(customer))
    return {address: frozenset(customers) for address, customers in found.items()}


def _tickets(ids: Collection[int]) -> Mapping[int, KnownTicket]:
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(TICKETS, [list(ids)])
        rows = cursor.fetchall()
    return {row[0]: _ticket(*row) for row in rows}


def _ticket(
    number: int,
    token: str,
    closed: bool,
    closed_at: datetime | None,
    merged_into: int | None,
    department: str,
    customer: int | None,
    requester: str,
) -> KnownTicket:
    whose = None if customer is None else str(customer)
    return KnownTicket(number, token, closed, closed_at, merged_into, department, whose, requester)
