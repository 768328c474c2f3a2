"""A second person: deeds that wait until somebody else has looked at them.

An app registers an `ApprovalKind` and asks with `ask(kind=…, subject_id=…, payload=…, reason=…)`; whoever
holds the kind's right decides under Approvals, where old stands beside new.
"""

from herotill.approvals.deciding import ask, decide, lapse, withdraw
from herotill.approvals.kinds import ApprovalKind, Asked, Row, Subject, kinds

__all__ = [
    "ApprovalKind",
    "Asked",
    "Row",
    "Subject",
    "ask",
    "decide",
    "kinds",
    "lapse",
    "withdraw",
]
