"""What has to be known to judge a message, and what is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

REPLY_MARKER = "## Please type your reply above this line ##"
LOOP_HEADER = "X-HeroTill-Loop"
BLOCKED = frozenset(
    "exe com scr bat cmd pif cpl msi msp jar js jse vbs vbe wsf wsh hta ps1 psm1 lnk reg dll iso vhd "
    "docm xlsm pptm html htm svg xhtml".split()
)
DOCUMENTS = frozenset("pdf doc docx xls xlsx ppt pptx txt csv rtf odt ods jpg jpeg png gif zip".split())


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in octets, lengths in characters."""

    message_bytes: int = 25_000_000
    header_bytes: int = 32_768
    attachment_bytes: int = 10_000_000
    attachments: int = 10
    reopen_days: int = 14
    date_past_days: int = 30
    date_future_hours: int = 24
    subject_chars: int = 200
    name_chars: int = 120


@dataclass(frozen=True, slots=True)
class House:
    """What is the same for every message. Addresses and names of headers are compared in lower case."""

    tickets_domain: str
    authserv_id: str = ""
    loop_header: str = LOOP_HEADER
    reply_marker: str = REPLY_MARKER
    limits: Limits = Limits()
    blocked_extensions: frozenset[str] = BLOCKED
    document_extensions: frozenset[str] = DOCUMENTS
    mailboxes: Mapping[str, str] = field(default_factory=dict)
    """Address, to the name of its department."""


@dataclass(frozen=True, slots=True)
class KnownTicket:
    id: int
    token: str
    closed: bool
    closed_at: datetime | None
    merged_into: int | None
    department: str
    customer: str | None
    requester: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of those whom one message names; all addresses in lower case."""

    now: datetime
    staff: frozenset[str]
    customers: Mapping[str, frozenset[str]]
    """Address of a contact, to the codes of the customers that have it."""
    tickets: Mapping[int, KnownTicket]
    seen: bool = False

    def customers_with(self, address: str) -> frozenset[str]:
        return self.customers.get(address, frozenset())


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content_type: str
    content: bytes
    size: int | None
    """In octets; None unless it came in base64."""
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What becomes of a message. The first fields decide, the others are what is shown of it."""

    outcome: str
    reason: str | None = None
    ticket: int | None = None
    linked_ticket: int | None = None
    department: str | None = None
    customer: str | None = None
    candidates: tuple[str, ...] = ()
    sender: str | None = None
    subject: str | None = None
    date: datetime | None = None
    text: str | None = None
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    refused_attachments: tuple[tuple[str, str], ...] = ()
    failed_recipients: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The text in one line, as it is counted and listed."""
        return " ".join((self.text or "").split())
