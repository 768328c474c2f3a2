from .audit import AuthenticatorAudit, GroupPermissionsAudit, UserGroupsAudit, UserUserPermissionsAudit
from .links import AccessLink
from .preferences import Preference
from .rights import AppliedGrant, RightsRequest
from .roles import Role
from .sessions import Session
from .users import User

__all__ = [
    "AccessLink",
    "AppliedGrant",
    "AuthenticatorAudit",
    "GroupPermissionsAudit",
    "Preference",
    "RightsRequest",
    "Role",
    "Session",
    "User",
    "UserGroupsAudit",
    "UserUserPermissionsAudit",
]
