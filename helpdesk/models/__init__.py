from .desk import (
    CannedAnswer,
    Category,
    CloseReason,
    Department,
    HelpdeskRules,
    Membership,
    OfficeHours,
    Priority,
)
from .mail import FetchTry, InboundMail, Mailbox, MailRule
from .ratings import Rating
from .tickets import Post, PostFile, Presence, Ticket, Watching

__all__ = [
    "CannedAnswer",
    "Category",
    "CloseReason",
    "Department",
    "FetchTry",
    "HelpdeskRules",
    "InboundMail",
    "MailRule",
    "Mailbox",
    "Membership",
    "OfficeHours",
    "Post",
    "PostFile",
    "Presence",
    "Priority",
    "Rating",
    "Ticket",
    "Watching",
]
