"""Free minutes given to calls, in the order they began, for whole calendar months of lines at a time.

What is charged already keeps what it got; the rest is given anew, so that a call that came late or went leaves
the months as if it had been so from the start.
"""

from __future__ import annotations

from django.db import connection

_TOUCHED = """
CREATE TEMP TABLE bundles_touched AS
SELECT t.line_id, t.month, b.call_class, coalesce(o.minutes, p.minutes) * 60 AS total
FROM ({touched}) t
JOIN dataaccounts_voiceline l ON l.id = t.line_id
CROSS JOIN LATERAL (
    SELECT call_class FROM dataaccounts_voicebundle WHERE line_id = l.id
    UNION SELECT call_class FROM dataaccounts_voicebundle WHERE package_id = l.package_id
) b
LEFT JOIN dataaccounts_voicebundle o ON o.line_id = l.id AND o.call_class = b.call_class
LEFT JOIN dataaccounts_voicebundle p ON p.package_id = l.package_id AND p.call_class = b.call_class
"""
_OF_THEM = """
    dataaccounts_call c JOIN bundles_touched t ON t.line_id = c.line_id AND t.call_class = c.call_class
        AND c.day >= t.month AND c.day < t.month + interval '1 month'
    WHERE NOT c.free
"""
_HELD = f"SELECT 1 FROM {_OF_THEM} AND c.charge_id IS NULL ORDER BY c.file_id, c.row FOR UPDATE OF c"
_GIVEN = f"""
UPDATE dataaccounts_call c SET bundled = g.gets,
    price = CASE WHEN g.gets = c.charged THEN 0 ELSE round(c.fee + c.rate * (c.charged - g.gets) / 60, 6) END
FROM (
    SELECT c.file_id, c.row, greatest(0, least(c.charged,
        t.total - coalesce(sum(c.bundled) FILTER (WHERE c.charge_id IS NOT NULL) OVER month, 0)
        - coalesce(sum(c.charged) FILTER (WHERE c.charge_id IS NULL) OVER before, 0))) AS gets
    FROM {_OF_THEM}
    WINDOW month AS (PARTITION BY c.line_id, c.call_class, t.month),
        before AS (PARTITION BY c.line_id, c.call_class, t.month ORDER BY c.start, c.file_id, c.row
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
) g
WHERE c.file_id = g.file_id AND c.row = g.row AND c.charge_id IS NULL AND c.bundled <> g.gets
"""


def give(touched: str) -> None:
    """Give bundles out anew for what a statement names as `line_id` and `month`, the month's first day."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bundles_touched")
        cursor.execute(_TOUCHED.format(touched=touched))
        for statement in (_HELD, _GIVEN):
            cursor.execute(statement)
