"""Second factors follow the newest key like everything else that is encrypted."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command

from herotill.models import AuditEvent
from herotill.secrets import UnreadableSecret, decrypt, encrypt
from tests.factories import make_person


@pytest.mark.django_db
def test_s25_a_new_key_covers_second_factors(settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = ["old"]
    alice = make_person("Alice")
    Authenticator.objects.create(user=alice, type="totp", data={"secret": encrypt("JBSWY3DPEHPK3PXP")})
    Authenticator.objects.create(
        user=alice, type="recovery_codes", data={"seed": encrypt("seed"), "used_mask": 3}
    )
    settings.FIELD_ENCRYPTION_KEYS = ["new", "old"]
    events = AuditEvent.objects.count()
    call_command("reencrypt", verbosity=0)

    tokens = [Authenticator.objects.get(type="totp").data["secret"]]
    codes = Authenticator.objects.get(type="recovery_codes").data
    tokens.append(codes["seed"])
    assert codes["used_mask"] == 3
    settings.FIELD_ENCRYPTION_KEYS = ["old"]
    for token in tokens:
        with pytest.raises(UnreadableSecret):
            decrypt(token)
    settings.FIELD_ENCRYPTION_KEYS = ["new"]
    assert [decrypt(token) for token in tokens] == ["JBSWY3DPEHPK3PXP", "seed"]
    assert AuditEvent.objects.count() == events
