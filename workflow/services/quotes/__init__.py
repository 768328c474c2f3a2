"""Quotes: what is offered, sent, answered, and what becomes of those that nobody answers."""

from .answering import (
    accept,
    accept_at_portal,
    accept_by_hand,
    decline,
    decline_at_portal,
    decline_by_hand,
    open_link,
    opened,
)
from .drafting import add_line, add_package, add_survey_cost, begin, change_line, remove_line, write_remark
from .regular import expire_due, remind_due
from .sending import resend, revise, send, withdraw, withdraw_of

__all__ = [
    "accept",
    "accept_at_portal",
    "accept_by_hand",
    "add_line",
    "add_package",
    "add_survey_cost",
    "begin",
    "change_line",
    "decline",
    "decline_at_portal",
    "decline_by_hand",
    "expire_due",
    "open_link",
    "opened",
    "remind_due",
    "remove_line",
    "resend",
    "revise",
    "send",
    "withdraw",
    "withdraw_of",
    "write_remark",
]
