from .links import AccessLink, SecurityMail
from .preferences import Preference
from .rights import AppliedGrant, RightsRequest
from .roles import Role
from .sessions import Session
from .users import User

__all__ = [
    "AccessLink",
    "AppliedGrant",
    "Preference",
    "RightsRequest",
    "Role",
    "SecurityMail",
    "Session",
    "User",
]
