from .approvals import ApprovalRequest
from .audit import AuditEvent
from .events import Fact, FactCursor
from .imports import Import, ImportPreset, ImportRow
from .lists import BulkChange, Export, SavedView
from .runs import JobState, Run, RunCheckpoint
from .search import SearchDocument
from .secrets import SecretReveal

__all__ = [
    "ApprovalRequest",
    "AuditEvent",
    "BulkChange",
    "Export",
    "Fact",
    "FactCursor",
    "Import",
    "ImportPreset",
    "ImportRow",
    "JobState",
    "Run",
    "RunCheckpoint",
    "SavedView",
    "SearchDocument",
    "SecretReveal",
]
