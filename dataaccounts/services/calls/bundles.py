"""Free minutes given to calls, in the order they began, for whole calendar months of lines at a time.

What is charged already keeps what it got; the rest is given anew, so that a call that came late or went leaves
the months as if it had been so from the start. A number that a customer gave up and has again within a month is one:
minutes are of a number and a calendar month.
"""

from __future__ import annotations

from datetime import date

from django.db import connection

# The packages a line had in a month are those that ended in it and the one of its last day: the most of theirs holds.
# So it is of lines that are one number of one customer in a month, `whose` being the first of them; what was never
# active adds nothing to others.
_TOUCHED = """
CREATE TEMP TABLE bundles_touched AS
WITH touched AS (
    SELECT line_id, month, (month + interval '1 month - 1 day')::date AS last FROM ({touched}) t
), of_one AS (
    SELECT line_id, month, last FROM touched
    UNION
    SELECT s.id, t.month, t.last FROM touched t JOIN dataaccounts_voiceline l ON l.id = t.line_id
    JOIN dataaccounts_voiceline s ON s.number = l.number AND s.customer_id = l.customer_id AND s.id <> l.id
        AND NOT l.never_active AND NOT s.never_active
        AND s.starts_on <= t.last AND (s.ends_on IS NULL OR s.ends_on >= t.month)
), months AS (
    SELECT o.line_id, l.source_id, o.month, o.last, l.package_id,
        min(o.line_id) OVER (
            PARTITION BY o.month, l.number, l.customer_id, CASE WHEN l.never_active THEN l.id END) AS whose
    FROM of_one o JOIN dataaccounts_voiceline l ON l.id = o.line_id
), packages AS (
    SELECT m.line_id, m.whose, m.month, t.package_id FROM months m
    JOIN dataaccounts_voiceterm t ON t.line_id = m.line_id AND t.ends_on >= m.month AND t.ends_on < m.last
    UNION
    SELECT m.line_id, m.whose, m.month, coalesce((SELECT t.package_id FROM dataaccounts_voiceterm t
        WHERE t.line_id = m.line_id AND t.ends_on >= m.last ORDER BY t.ends_on LIMIT 1), m.package_id)
    FROM months m
), given AS (
    (SELECT DISTINCT ON (m.line_id, m.month, b.call_class)
         m.line_id, m.whose, m.month, b.call_class, b.minutes, true AS own
     FROM months m JOIN dataaccounts_voicebundle b ON b.line_id = m.line_id AND b.month <= m.month
     ORDER BY m.line_id, m.month, b.call_class, b.month DESC)
    UNION ALL
    (SELECT DISTINCT ON (p.line_id, p.month, p.package_id, b.call_class)
         p.line_id, p.whose, p.month, b.call_class, b.minutes, false
     FROM packages p JOIN dataaccounts_voicebundle b ON b.package_id = p.package_id AND b.month <= p.month
     ORDER BY p.line_id, p.month, p.package_id, b.call_class, b.month DESC)
), totals AS (
    SELECT line_id, whose, month, call_class,
        coalesce(max(minutes) FILTER (WHERE own), max(minutes) FILTER (WHERE NOT own), 0)::bigint * 60 AS total
    FROM given GROUP BY line_id, whose, month, call_class
), whole AS (
    SELECT whose, month, call_class, max(total) AS total FROM totals GROUP BY whose, month, call_class
)
SELECT m.line_id, m.source_id, w.whose, w.month, w.call_class, w.total
FROM whole w JOIN months m ON m.whose = w.whose AND m.month = w.month
"""
# Who rates calls holds one source alone: where lines of several share minutes, one after the other gives them.
_IN_TURN = """
SELECT count(*) FROM (
    SELECT FROM dataaccounts_voiceline WHERE id IN (
        SELECT t.line_id FROM bundles_touched t JOIN bundles_touched o ON o.whose = t.whose AND o.month = t.month
        WHERE o.source_id <> t.source_id
    ) ORDER BY id FOR NO KEY UPDATE
) held
"""
_OF_THEM = """
    dataaccounts_call c JOIN bundles_touched t ON t.line_id = c.line_id AND t.call_class = c.call_class
        AND c.day >= t.month AND c.day < t.month + interval '1 month'
    WHERE NOT c.free
"""
_HELD = f"""
SELECT count(*) FROM (SELECT FROM {_OF_THEM} AND c.charge_id IS NULL ORDER BY c.file_id, c.row FOR UPDATE OF c) held
"""
_GIVEN = f"""
UPDATE dataaccounts_call c SET bundled = g.gets,
    price = CASE WHEN g.gets = c.charged THEN 0 ELSE round(c.fee + c.rate * (c.charged - g.gets) / 60, 6) END
FROM (
    SELECT c.file_id, c.row, greatest(0, least(c.charged,
        t.total - coalesce(sum(c.bundled) FILTER (WHERE c.charge_id IS NOT NULL) OVER month, 0)
        - coalesce(sum(c.charged) FILTER (WHERE c.charge_id IS NULL) OVER before, 0))) AS gets
    FROM {_OF_THEM}
    WINDOW month AS (PARTITION BY t.whose, c.call_class, t.month),
        before AS (PARTITION BY t.whose, c.call_class, t.month ORDER BY c.start, c.file_id, c.row
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
) g
WHERE c.file_id = g.file_id AND c.row = g.row AND c.charge_id IS NULL AND c.bundled <> g.gets
"""
_OPEN = """
SELECT DISTINCT c.line_id, date_trunc('month', c.day)::date AS month FROM dataaccounts_call c
WHERE c.charge_id IS NULL AND c.day >= date '{first}' AND c.line_id IN ({lines})
"""
_SAME = """
SELECT s.id FROM dataaccounts_voiceline l
JOIN dataaccounts_voiceline s ON s.number = l.number AND s.customer_id = l.customer_id WHERE l.id = {line}
"""
_WITH = """
SELECT id FROM dataaccounts_voiceline WHERE package_id = {package}
UNION SELECT line_id FROM dataaccounts_voiceterm WHERE package_id = {package}
"""


def give_from(*, first: date, line: int | None = None, package: int | None = None) -> None:
    """Give bundles anew for calls from a month's first day on that nobody charged: of a line, or of a package's."""
    lines = _SAME.format(line=int(line)) if line else _WITH.format(package=int(package or 0))
    give(_OPEN.format(first=first, lines=lines))


def give(touched: str) -> None:
    """Give bundles out anew for what a statement names as `line_id` and `month`, the month's first day."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bundles_touched")
        cursor.execute(_TOUCHED.format(touched=touched))
        for statement in ("ANALYZE bundles_touched", _IN_TURN, _HELD, _GIVEN):
            cursor.execute(statement)
