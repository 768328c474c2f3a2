from .approvals import ApprovalRequest
from .audit import AuditEvent
from .events import Fact, FactCursor
from .imports import Import, ImportPreset, ImportRow
from .installations import Installation
from .jobs import JobCall, JobSetting, JobState
from .lists import BulkChange, Export, SavedView
from .moving_in import MovingIn, OldFigure
from .retention import Blanking, KeptState, RetentionRules
from .runs import Run, RunCheckpoint
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
    "Installation",
    "JobCall",
    "JobSetting",
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
