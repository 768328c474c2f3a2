"""What programs were told of customers who are forgotten."""

from __future__ import annotations

from collections.abc import Collection

from herotill.blanking import execute


def of_customers(customers: Collection[int], codes: Collection[str]) -> None:
    """Blank what webhooks are told of these customers, and answers kept that are about them or name nobody.

    A request that comes again after that is still not done twice.
    """
    execute(
        """
        UPDATE api_delivery d SET body = jsonb_set(d.body::jsonb, '{data}', '{}')::text
        FROM house_fact f WHERE f.id = d.fact_id AND f.customer_id = ANY(%s) AND d.body::jsonb ? 'data'
        """,
        list(customers),
    )
    execute(
        """
        UPDATE api_keptanswer SET body = ''
        WHERE CASE WHEN body = '' THEN false ELSE coalesce(body::jsonb ->> 'customer' = ANY(%s), true) END
        """,
        list(codes),
    )
