"""Suspension: the collections day and what people decide about its cases."""

from billing.services.suspensions.deciding import (
    approve,
    begin_anew,
    keep,
    pause,
    report_payment,
    reset,
    suspend_at_once,
    why_not_at_once,
    with_subs,
    would_lose,
)
from billing.services.suspensions.running import begin, carry_out, due, run, settle
from billing.services.suspensions.taking_over import take_over

__all__ = [
    "approve",
    "begin",
    "begin_anew",
    "carry_out",
    "due",
    "keep",
    "pause",
    "report_payment",
    "reset",
    "run",
    "settle",
    "suspend_at_once",
    "take_over",
    "why_not_at_once",
    "with_subs",
    "would_lose",
]
