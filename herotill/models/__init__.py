from .approvals import ApprovalRequest
from .audit import AuditEvent
from .events import Fact, FactCursor
from .imports import Import, ImportPreset, ImportRow
from .lists import BulkChange, Export, SavedView
from .moving_in import MovingIn, OldFigure
from .retention import Blanking, KeptState, RetentionRules
from .runs import JobState, Run, RunCheckpoint
from .search import SearchDocument
from .secrets import SecretReveal

__all__ = [
    "ApprovalRequest",
    "AuditEvent",
    "Blanking",
    "BulkChange",
    "Export",
    "Fact",
    "FactCursor",
    "Import",
    "ImportPreset",
    "ImportRow",
    "JobState",
    "KeptState",
    "MovingIn",
    "OldFigure",
    "RetentionRules",
    "Run",
    "RunCheckpoint",
    "SavedView",
    "SearchDocument",
    "SecretReveal",
]
