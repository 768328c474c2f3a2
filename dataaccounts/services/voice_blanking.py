"""Voice lines of former customers lose number and account, their calls whom they reached; what they cost stays."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from dataaccounts.models import VoiceLine
from herotill.blanking import execute

LINES = "(SELECT id FROM dataaccounts_voiceline WHERE customer_id = ANY(%s))"
# Who called by them, save those that somebody else's line is known by too.
CALLERS = f"""(
    SELECT c.id FROM dataaccounts_voicecaller c WHERE c.id IN (
        SELECT r.caller_id FROM dataaccounts_call k
        JOIN dataaccounts_callrow r ON r.file_id = k.file_id AND r.row = k.row WHERE k.line_id IN {LINES}
        UNION SELECT id FROM dataaccounts_voicecaller WHERE line_id IN {LINES}
    ) AND NOT EXISTS (
        SELECT FROM dataaccounts_voiceline o
        WHERE o.customer_id <> ALL (%s) AND (o.id = c.line_id OR o.source_id = c.source_id AND (
            c.numbers ? o.number OR o.account <> '' AND EXISTS (
                SELECT FROM jsonb_array_elements_text(c.texts) t WHERE lower(t) = lower(o.account))))
    )
)"""
FILES = f"(SELECT DISTINCT file_id FROM dataaccounts_call WHERE line_id IN {LINES})"
# The caller first: the rows say who it was.
GONE = (
    f"UPDATE dataaccounts_voicecaller SET line_id = NULL, texts = to_jsonb(ARRAY['former-' || id]), numbers = '[null]'"
    f" WHERE id IN {CALLERS}",
    f"""UPDATE dataaccounts_callrow r SET raw = '', called = '' FROM dataaccounts_call k
    WHERE k.file_id = r.file_id AND k.row = r.row AND k.line_id IN {LINES}""",
    # Rows beside them that name the number, as of calls that nobody answered.
    f"""UPDATE dataaccounts_callrow r SET raw = '',
        called = CASE WHEN r.outcome IN ('unmatched', 'unrated') THEN r.called ELSE '' END
    FROM dataaccounts_voiceline l
    WHERE l.customer_id = ANY (%s) AND l.number <> '99' || lpad(l.id::text, 12, '0')
        AND r.file_id IN {FILES} AND strpos(r.raw, right(l.number, 9)) > 0
        AND NOT EXISTS (SELECT FROM dataaccounts_call k WHERE k.file_id = r.file_id AND k.row = r.row)""",
    f"UPDATE dataaccounts_call SET called = '' WHERE line_id IN {LINES}",
)


def lines(customers: Collection[int], now: datetime) -> None:
    """Numbers, accounts, words, and whom they called; when, how long and for how much stays."""
    for statement in GONE:
        execute(statement, *[list(customers)] * statement.count("%s"))
    execute(
        "UPDATE dataaccounts_voiceline SET number = '99' || lpad(id::text, 12, '0'), account = '', text = '',"
        " state_reason = '' WHERE customer_id = ANY(%s)",
        list(customers),
    )


def who_waits(customers: Collection[int], day: date) -> dict[int, str]:
    """Whoever has a voice line that is not cancelled."""
    alive = VoiceLine.objects.filter(customer__in=customers).exclude(state=VoiceLine.State.CANCELLED)
    return {line.customer_id: f"The voice line {line} is not cancelled." for line in alive}


def last_days(customers: Collection[int]) -> dict[int, date]:
    """The last day of service of each."""
    ended = VoiceLine.objects.filter(customer__in=customers, ends_on__isnull=False).order_by("ends_on")
    return {pk: day for pk, day in ended.values_list("customer_id", "ends_on") if day}
