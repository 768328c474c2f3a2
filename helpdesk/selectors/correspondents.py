"""Who gets the mails about a ticket."""

from __future__ import annotations

from customers.models import Contact, Purpose
from helpdesk.models import Ticket
from herotill.messages.recipients import recipients


def of(ticket: Ticket) -> list[str]:
    """The addresses, lower case: who wrote, and the customer's contacts for tickets."""
    found = [ticket.requester_email] if ticket.requester_email else []
    if ticket.customer_id:
        wanted = (ticket.customer_id, str(Purpose.TICKETS))
        found += [address.lower() for address in recipients().addresses("email", {wanted})[wanted]]
    return list(dict.fromkeys(found))


def name_of(ticket: Ticket, address: str) -> str:
    """Who reads mail at this address: whoever asked, or the contact; the address itself where nobody is known."""
    if address == ticket.requester_email and ticket.requester_name:
        return ticket.requester_name
    contacts = Contact.objects.filter(customer=ticket.customer_id or 0, email__iexact=address)
    return contacts.order_by("-is_primary", "pk").values_list("name", flat=True).first() or address
