"""What customers see of themselves in the portal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from customers.models import Attachment, Contact, Customer, DataCopy, DetailsCheck, ForgetWish
from customers.policies import phones
from herotill.messages.models import Channel, Consent, Message
from herotill.messages.services.consent import folded

ARRIVED = ("sent", "delivered", "failed")


def check_waiting(customer: Customer) -> DetailsCheck | None:
    """What staff asked this customer to look through, while they have not answered."""
    return DetailsCheck.objects.filter(customer=customer, state=DetailsCheck.State.WAITING).first()


def last_check(customer: Customer) -> DetailsCheck | None:
    """When they were asked last, and what they said."""
    return DetailsCheck.objects.filter(customer=customer).order_by("-pk").first()


def documents(customer: Customer, *, limit: int = 100) -> list[Attachment]:
    """The files that are shown to this customer, the newest first."""
    found = Attachment.objects.filter(customer=customer, shared=True)
    return list(found.order_by("-uploaded_at", "-id")[:limit])


def document(customer: Customer, pk: int) -> Attachment | None:
    return Attachment.objects.filter(customer=customer, shared=True, pk=pk).first()


def last_copy(customer: Customer) -> DataCopy | None:
    """The newest copy of their data, asked for or made."""
    return DataCopy.objects.filter(customer=customer).order_by("-pk").first()


def copy_to_fetch(customer: Customer, now: datetime) -> DataCopy | None:
    """The copy that is there to be downloaded."""
    ready = DataCopy.objects.filter(customer=customer, ended_at=None, expires_at__gt=now).exclude(file="")
    return ready.order_by("-pk").first()


def last_wish(customer: Customer) -> ForgetWish | None:
    """Their newest wish to be forgotten, and what became of it."""
    return ForgetWish.objects.filter(customer=customer).order_by("-pk").first()


def wishes_of(customer: Customer) -> QuerySet[ForgetWish]:
    """Theirs that nobody has answered."""
    return ForgetWish.objects.filter(customer=customer, state=ForgetWish.State.WAITING)


def wishes_waiting() -> tuple[int, Customer | None]:
    """How many wishes to be forgotten nobody has answered, and whose is the oldest."""
    waiting = ForgetWish.objects.filter(state=ForgetWish.State.WAITING).select_related("customer")
    oldest = waiting.order_by("pk").first()
    return (waiting.count(), oldest.customer) if oldest else (0, None)


def said_to(customer: Customer, *, before: int | None = None, limit: int) -> list[Message]:
    """What was said to this customer and went out, the newest first; not what was said about them to others."""
    found = Message.objects.filter(customer_id=customer.pk, state__in=ARRIVED).filter(_to_them(customer))
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-pk").defer("body", "context")[:limit])


def said_once(customer: Customer, pk: int) -> Message | None:
    """One of these messages with its words."""
    found = Message.objects.filter(customer_id=customer.pk, state__in=ARRIVED, pk=pk)
    return found.filter(_to_them(customer)).first()


def _to_them(customer: Customer) -> Q:
    """What goes by a purpose goes to customers; the rest counts where it went to one of their contacts."""
    pairs = Contact.objects.filter(customer=customer).values_list("email", "phone")
    return ~Q(purpose="") | Q(address__in={one for pair in pairs for one in pair if one})


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether marketing is wanted at one address; None where nobody ever said."""

    channel: str
    address: str
    who: str
    wanted: bool | None
    said: Consent | None

    @property
    def words(self) -> str:
        """The address as people read it."""
        return phones.national(self.address) if self.channel == Channel.SMS else self.address

    @property
    def key(self) -> str:
        return f"{self.channel}:{self.address}"


def marketing(customer: Customer) -> list[Choice]:
    """Each email and cell number of the contacts, with what was said about marketing there last."""
    people = Contact.objects.filter(customer=customer).order_by("-is_primary", "id")
    found: dict[tuple[str, str], str] = {}
    for one in people:
        for channel, address in ((Channel.EMAIL, one.email), (Channel.SMS, one.phone)):
            if address:
                found.setdefault((channel.value, folded(address)), one.name)
    said = _last_said(customer, [address for _, address in found])
    return [
        Choice(channel, address, who, last.wanted if last else None, last)
        for (channel, address), who in found.items()
        for last in [said.get((channel, address))]
    ]


def _last_said(customer: Customer, addresses: list[str]) -> dict[tuple[str, str], Consent]:
    """Where this customer said anything: that, or what was said at the address itself since, as by a link there.

    What others said tells whom we know: everybody may give any address as a contact's.
    """
    own = Consent.objects.filter(customer_id=customer.pk)
    here = own.filter(channel=OuterRef("channel"), address=OuterRef("address"))
    said = Consent.objects.filter(Q(customer_id=customer.pk) | Q(customer_id=None), Exists(here))
    newest = said.filter(address__in=addresses).order_by("channel", "address", "-id")
    return {(one.channel, one.address): one for one in newest.distinct("channel", "address")}
