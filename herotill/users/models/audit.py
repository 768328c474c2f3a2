"""What of people and rights is audited beside their own models: roles given, rights given, second factors."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group

from herotill.audit import audited, audited_links, in_words

from .users import User

in_words("auth.Group", "name")
in_words("auth.Permission", "name")

UserGroupsAudit = audited_links(User, "groups", app_label="users", noun="role", permission="users.view_user")
UserUserPermissionsAudit = audited_links(
    User, "user_permissions", app_label="users", noun="right", permission="users.view_user"
)
GroupPermissionsAudit = audited_links(
    Group, "permissions", app_label="users", noun="right", permission="users.view_role"
)


@audited(
    exclude=("created_at", "last_used_at"),
    words=("type",),
    secret=("data",),
    permission="users.view_user",
    noun="second factor",
)
class AuthenticatorAudit(Authenticator):
    """A second factor; of what is in it the audit keeps only that it changed."""

    class Meta:
        proxy = True
        default_permissions = ()
