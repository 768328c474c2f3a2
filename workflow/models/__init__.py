from .changes import ChangeRequest
from .jobs import (
    Absence,
    ChecklistItem,
    JobCard,
    JobCheck,
    JobEquipment,
    JobMaterial,
    JobSending,
    JobType,
    Photo,
)
from .leads import Lead, LeadNote
from .quotes import Acceptance, Quote, QuoteLine
from .steps import (
    ENDS,
    WITH_CUSTOMER,
    Area,
    DeclineReason,
    FailReason,
    LostReason,
    Move,
    Phase,
    Place,
    SalesRules,
    Source,
    Step,
)
from .surveys import Survey
from .taken import TakenOver

__all__ = [
    "ENDS",
    "WITH_CUSTOMER",
    "Absence",
    "Acceptance",
    "Area",
    "ChangeRequest",
    "ChecklistItem",
    "DeclineReason",
    "FailReason",
    "JobCard",
    "JobCheck",
    "JobEquipment",
    "JobMaterial",
    "JobSending",
    "JobType",
    "Lead",
    "LeadNote",
    "LostReason",
    "Move",
    "Phase",
    "Photo",
    "Place",
    "Quote",
    "QuoteLine",
    "SalesRules",
    "Source",
    "Step",
    "Survey",
    "TakenOver",
]
