"""The second factor: a code from an app on one's phone, or a recovery code kept on paper.

Secrets and codes are the library's; who may do what and when is said here.
"""

from __future__ import annotations

import base64

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from django.core.cache import cache
from django.db import transaction

from herotill.errors import DomainError
from herotill.users.models import User
from herotill.users.selectors import people
from herotill.users.services import mail

# Longer than a code is taken, clock tolerance on both sides included.
USED_CODE_SECONDS = 180
new_secret = generate_totp_secret


def drawing(*, user: User, secret: str) -> str:
    """The QR code that an app on the phone reads, as a data: address of an SVG."""
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(user, secret))
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def is_set_up(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


@transaction.atomic
def set_up(*, user: User, secret: str, code: str) -> list[str]:
    """Switch the second factor on once its first code is right; returns the recovery codes, shown once."""
    User.objects.select_for_update().get(pk=user.pk)
    if is_set_up(user):
        raise DomainError("You have a second factor already.")
    if not validate_totp_code(secret, code) or not _first_use(user, code):
        raise DomainError("That is not the code your app shows now.", field="code")
    TOTP.activate(user, secret)
    _tell(user, "A second factor was set up for your log-in")
    return _new_codes(user)


def check(*, user: User, code: str) -> bool:
    """Whether `code` is the app's present one, or a recovery code not used before. Each serves once."""
    code = code.replace(" ", "").replace("-", "")
    found = {each.type: each for each in Authenticator.objects.filter(user=user)}
    totp = found.get(Authenticator.Type.TOTP)
    if totp and code.isdigit() and TOTP(totp).validate_code(code) and _first_use(user, code):
        totp.record_usage()
        return True
    spare = found.get(Authenticator.Type.RECOVERY_CODES)
    return bool(spare and RecoveryCodes(spare).validate_code(code))


@transaction.atomic
def renew_codes(*, user: User) -> list[str]:
    """New recovery codes; the old ones are worth nothing any more."""
    if not is_set_up(user):
        raise DomainError("Set up a second factor first.")
    _tell(user, "Your recovery codes were renewed")
    return _new_codes(user)


@transaction.atomic
def switch_off(*, user: User) -> None:
    """Do without a second factor, unless a role demands one."""
    demanding = [str(role) for role in people.roles_of(user) if role.second_factor_required]
    if demanding:
        raise DomainError(f"Your role {demanding[0]} demands a second factor.")
    Authenticator.objects.filter(user=user).delete()
    _tell(user, "The second factor of your log-in was switched off")


def codes_left(user: User) -> int:
    """How many recovery codes were not used yet."""
    spare = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(RecoveryCodes(spare).get_unused_codes()) if spare else 0


def _first_use(user: User, code: str) -> bool:
    return bool(cache.add(f"second-factor:{user.pk}:{code}", 1, USED_CODE_SECONDS))


def _new_codes(user: User) -> list[str]:
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    return RecoveryCodes.activate(user).generate_codes()


def _tell(user: User, what: str) -> None:
    mail.owe(
        to=mail.addresses(user), template="own-change", name=str(user), username=user.username, what=what
    )
