"""Calls matched with lines and rated by decks, in SQL for all at once.

Works on `calls_to_rate`, a temporary table of rows that are calls to bill, and leaves `calls_rated` with what became
of each. Rates come by the longest prefix: the heads of the numbers are looked up, not the numbers, as there are few.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection

from dataaccounts.models import VoiceSource
from dataaccounts.services.calls import bundles

TO_RATE = """
CREATE TEMP TABLE calls_to_rate (
    file_id bigint, row integer, start timestamptz, day date, seconds bigint, called text COLLATE "C", short boolean,
    caller_id bigint, cost numeric
)
"""
# Which line a caller is on a day: by the first text that is a line's account or number, else as a person linked it.
_SEEK = """
CREATE TEMP TABLE caller_days AS
WITH days AS (
    SELECT DISTINCT t.caller_id, t.day FROM calls_to_rate t
), said AS MATERIALIZED (
    SELECT c.id, c.source_id, t.place, t.text, c.numbers ->> (t.place - 1)::int AS number
    FROM dataaccounts_voicecaller c, jsonb_array_elements_text(c.texts) WITH ORDINALITY AS t (text, place)
    WHERE c.id IN (SELECT caller_id FROM days)
), found AS (
    SELECT s.id, s.place * 2 AS place, l.id AS line FROM said s
    JOIN dataaccounts_voiceline l ON l.source_id = s.source_id AND lower(l.account) = lower(s.text)
    WHERE l.account <> ''
    UNION ALL
    SELECT s.id, s.place * 2 + 1, l.id FROM said s
    JOIN dataaccounts_voiceline l ON l.source_id = s.source_id AND l.number = s.number
    UNION ALL
    SELECT c.id, 1000, c.line_id FROM dataaccounts_voicecaller c
    WHERE c.line_id IS NOT NULL AND c.id IN (SELECT caller_id FROM days)
)
SELECT DISTINCT ON (d.caller_id, d.day) d.caller_id, d.day, l.id AS line_id, p.deck_id AS deck
FROM days d JOIN found f ON f.id = d.caller_id
JOIN dataaccounts_voiceline l ON l.id = f.line AND l.starts_on <= d.day AND (l.ends_on IS NULL OR l.ends_on >= d.day)
JOIN dataaccounts_voicepackage p ON p.id = coalesce(
    (SELECT t.package_id FROM dataaccounts_voiceterm t WHERE t.line_id = l.id AND t.ends_on >= d.day
     ORDER BY t.ends_on LIMIT 1), l.package_id)
ORDER BY d.caller_id, d.day, f.place, l.id
"""
# All of one line, whoever is said to have called.
_OF_LINE = """
CREATE TEMP TABLE caller_days AS
SELECT DISTINCT t.caller_id, t.day, l.id AS line_id, p.deck_id AS deck
FROM calls_to_rate t
JOIN dataaccounts_voiceline l ON l.id = %(line)s
JOIN dataaccounts_voicepackage p ON p.id = coalesce(
    (SELECT e.package_id FROM dataaccounts_voiceterm e WHERE e.line_id = l.id AND e.ends_on >= t.day
     ORDER BY e.ends_on LIMIT 1), l.package_id)
"""
# The version of each deck in force on each day that counts.
_VERSIONS = """
CREATE TEMP TABLE deck_days AS
SELECT n.deck, n.day, v.id AS version, v.longest, d.peak_from, d.peak_to
FROM (SELECT deck, day FROM caller_days
      UNION SELECT %(cost)s::bigint, day FROM caller_days WHERE %(cost)s::bigint IS NOT NULL) n
JOIN dataaccounts_deck d ON d.id = n.deck
CROSS JOIN LATERAL (
    SELECT v.id, (SELECT max(length(r.prefix)) FROM dataaccounts_deckrow r
                  WHERE r.version_id = v.id AND r.kind = 'e164') AS longest
    FROM dataaccounts_deckversion v WHERE v.deck_id = n.deck AND v.valid_from <= n.day
    ORDER BY v.valid_from DESC LIMIT 1
) v
"""
_HEADS = """
CREATE TEMP TABLE heads AS
WITH wanted AS (
    SELECT DISTINCT v.version, CASE WHEN t.short THEN t.called ELSE left(t.called, v.longest) END AS head, t.short
    FROM calls_to_rate t JOIN caller_days d ON d.caller_id = t.caller_id AND d.day = t.day
    JOIN deck_days v ON v.day = t.day AND v.deck IN (d.deck, %(cost)s::bigint)
)
SELECT DISTINCT ON (w.version, w.head, w.short)
    w.version, w.head, w.short, r.destination, r.call_class, r.fee, r.rate, coalesce(r.off_peak_rate, r.rate) AS off_peak,
    r.least_seconds AS least, r.step_seconds AS step, r.free
FROM wanted w
CROSS JOIN LATERAL generate_series(CASE WHEN w.short THEN length(w.head) ELSE 1 END, length(w.head)) AS n
JOIN dataaccounts_deckrow r ON r.version_id = w.version AND r.prefix = left(w.head, n)
    AND r.kind = CASE WHEN w.short THEN 'short' ELSE 'e164' END
ORDER BY w.version, w.head, w.short, length(r.prefix) DESC
"""
_PEAK = """(
    extract(isodow FROM t.start AT TIME ZONE %(zone)s) < 6
    AND (t.start AT TIME ZONE %(zone)s)::time >= {deck}.peak_from
    AND (t.start AT TIME ZONE %(zone)s)::time < {deck}.peak_to)"""
# The line a call is of, whether it is to one of ours (n), and the seconds charged and the rate of the hour by what we
# ask (s) and what we pay (c).
_RATED = f"""
CREATE TEMP TABLE calls_rated AS
SELECT x.file_id, x.row, x.line_id, x.start, x.day, x.called, x.seconds,
    CASE WHEN x.line_id IS NULL THEN 'unmatched'
         WHEN x.on_net OR (x.sold AND (x.cost IS NOT NULL OR x.bought)) THEN 'billable' ELSE 'unrated' END AS outcome,
    CASE WHEN x.on_net THEN 'On-net' ELSE x.destination END AS destination,
    CASE WHEN x.on_net THEN 'onnet' ELSE x.call_class END AS call_class,
    CASE WHEN x.on_net THEN x.seconds ELSE x.charged END AS charged,
    x.on_net OR x.free AS free,
    CASE WHEN x.on_net OR x.free THEN 0 ELSE x.fee END AS fee,
    CASE WHEN x.on_net OR x.free THEN 0 ELSE x.rate END AS rate,
    round(CASE WHEN x.cost IS NOT NULL THEN x.cost WHEN x.on_net OR x.cost_free THEN 0
          ELSE x.cost_fee + x.cost_rate * x.cost_charged / 60 END, 6) AS cost,
    CASE WHEN x.on_net OR x.free THEN 0 ELSE round(x.fee + x.rate * x.charged / 60, 6) END AS price
FROM (
    SELECT t.*, d.line_id, n.id IS NOT NULL AS on_net, s.version IS NOT NULL AS sold, c.version IS NOT NULL AS bought,
        s.destination, s.call_class, s.free, s.fee, c.fee AS cost_fee, c.free AS cost_free,
        greatest(s.least, (t.seconds + s.step - 1) / s.step * s.step) AS charged,
        greatest(c.least, (t.seconds + c.step - 1) / c.step * c.step) AS cost_charged,
        CASE WHEN s.rate = s.off_peak OR {_PEAK.format(deck="sd")} THEN s.rate ELSE s.off_peak END AS rate,
        CASE WHEN c.rate = c.off_peak OR {_PEAK.format(deck="cd")} THEN c.rate ELSE c.off_peak END AS cost_rate
    FROM calls_to_rate t
    LEFT JOIN caller_days d ON d.caller_id = t.caller_id AND d.day = t.day
    LEFT JOIN dataaccounts_voiceline n ON NOT t.short AND n.number = t.called
        AND n.starts_on <= t.day AND (n.ends_on IS NULL OR n.ends_on >= t.day)
    LEFT JOIN deck_days sd ON sd.deck = d.deck AND sd.day = t.day
    LEFT JOIN heads s ON s.version = sd.version AND s.short = t.short
        AND s.head = CASE WHEN t.short THEN t.called ELSE left(t.called, sd.longest) END
    LEFT JOIN deck_days cd ON cd.deck = %(cost)s AND cd.day = t.day
    LEFT JOIN heads c ON c.version = cd.version AND c.short = t.short
        AND c.head = CASE WHEN t.short THEN t.called ELSE left(t.called, cd.longest) END
) x
"""
_CALLS = """
INSERT INTO dataaccounts_call (file_id, row, line_id, start, day, called, destination, call_class, seconds, charged,
    bundled, free, fee, rate, cost, price)
SELECT file_id, row, line_id, start, day, called, destination, call_class, seconds, charged, 0, free, fee, rate, cost,
    price
FROM calls_rated WHERE outcome = 'billable'
"""
_TABLES = ("calls_to_rate", "caller_days", "deck_days", "heads", "calls_rated")
# What is made in this order once it is known whose calls they are, and which columns of it later statements ask.
_MADE = {
    "deck_days": _VERSIONS,
    "heads": _HEADS,
    "calls_rated (file_id, row, outcome)": _RATED,
}


def begin() -> None:
    """Make the table of what is to be rated, empty."""
    end()
    with connection.cursor() as cursor:
        cursor.execute(TO_RATE)


def end() -> None:
    """Let the temporary tables go; a worker's connection lives on."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {', '.join(_TABLES)}")


def rate(source: VoiceSource) -> None:
    """Find line and rates of what is in `calls_to_rate`, all of one source, and write the calls down."""
    _make(_SEEK, {"cost": source.cost_deck_id})
    with connection.cursor() as cursor:
        cursor.execute(_CALLS)
    bundles.give("SELECT DISTINCT line_id, date_trunc('month', day)::date AS month FROM caller_days")


def rate_of(line: int) -> None:
    """Find the rates of what is in `calls_to_rate`, all of one line and with what it costs us; nothing is written."""
    _make(_OF_LINE, {"cost": None, "line": line})


def _make(seek: str, given: dict[str, Any]) -> None:
    given |= {"zone": settings.TIME_ZONE}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE calls_to_rate")
        for asked, statement in ({"caller_days": seek} | _MADE).items():
            cursor.execute(statement, given)
            cursor.execute(f"ANALYZE {asked}")
