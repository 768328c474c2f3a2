"""What is done regularly about card payments."""

from __future__ import annotations

from datetime import datetime

from billing.services.cards import charging, lookups, notices, statements, stored


def judge_notices(now: datetime) -> str:
    return notices.judge_due(now)


def charge(now: datetime) -> str:
    return charging.charge_due(now)


def look_up(now: datetime) -> str:
    return lookups.look_up_due(now)


def remind(now: datetime) -> str:
    return stored.remind(now)


def settle_by_statement(now: datetime) -> str:
    return statements.settle(now)
