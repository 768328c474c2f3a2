"""Why is this owed? The chain of facts behind a balance, a document and a line, in a fixed number of queries."""

from billing.selectors.why.answers import Answer, Chapter, chapters, further
from billing.selectors.why.balance import of_balance
from billing.selectors.why.documents import of_document
from billing.selectors.why.lines import of_line
from billing.selectors.why.suspension import of_suspension

__all__ = [
    "Answer",
    "Chapter",
    "chapters",
    "further",
    "of_balance",
    "of_document",
    "of_line",
    "of_suspension",
]
