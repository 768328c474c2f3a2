from .preferences import Preference
from .roles import Role
from .users import User

__all__ = ["Preference", "Role", "User"]
