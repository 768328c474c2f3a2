"""What messages say of customers who are former, blanked; that they were sent, when and what about stays."""

from __future__ import annotations

import re
from collections.abc import Collection

from herotill.blanking import execute


def messages(customers: Collection[int], addresses: Collection[str]) -> None:
    """Blank the messages of these customers, and those that went to these addresses without naming a customer."""
    execute(
        """
        UPDATE outbox_message SET address = CASE WHEN customer_id IS NULL THEN '•••' ELSE '' END, context = '{}', subject = '', body = '', error = '',
            gateway_id = '', attachments = '{}',
            state = CASE WHEN state IN ('waiting', 'held') THEN 'cancelled' ELSE state END
        WHERE customer_id = ANY(%s) OR customer_id IS NULL AND address = ANY(%s)
        """,
        list(customers),
        list(addresses),
    )


def words_about(kinds: Collection[str], subjects: Collection[int]) -> None:
    """Blank what messages about these things say, whoever they went to; to whom and when stays."""
    execute(
        """
        UPDATE outbox_message SET context = '{}', subject = '', body = '', attachments = '{}',
            state = CASE WHEN state IN ('waiting', 'held') THEN 'cancelled' ELSE state END
        WHERE subject_kind = ANY(%s) AND subject_id = ANY(%s)
        """,
        list(kinds),
        list(subjects),
    )


def words_naming(kind: str, words: Collection[str]) -> None:
    """Blank messages about things of a kind that name one of these, such as a code, among others."""
    named = rf"\m({'|'.join(map(re.escape, words))})\M"
    execute(
        """
        UPDATE outbox_message SET context = '{}', subject = '', body = '', attachments = '{}',
            state = CASE WHEN state IN ('waiting', 'held') THEN 'cancelled' ELSE state END
        WHERE subject_kind = %s AND subject_id IS NOT NULL AND concat(context, subject, body) ~ %s
        """,
        kind,
        named,
    )


def consent(customers: Collection[int]) -> None:
    """Forget who wanted marketing: nobody is left to send it to."""
    execute("DELETE FROM outbox_consent WHERE customer_id = ANY(%s)", list(customers))
