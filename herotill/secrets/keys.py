"""Text that the database keeps only encrypted.

The keys come from FIELD_ENCRYPTION_KEYS, newest first: the first encrypts, all of them open. Any text
serves as a key; what encrypts is derived from it.
"""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class UnreadableSecret(Exception):
    """None of the keys opens what is stored: a key is missing, or the text was tampered with."""


@lru_cache(maxsize=8)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"herotill field encryption")
    return base64.urlsafe_b64encode(derivation.derive(key.strip().encode()))


def _keys() -> tuple[str, ...]:
    return tuple(key for key in settings.FIELD_ENCRYPTION_KEYS if key.strip())


def _current() -> MultiFernet:
    return _box(_keys())


def encrypt(text: str) -> str:
    """`text` as a token that only FIELD_ENCRYPTION_KEYS open; never twice the same."""
    return sealed(text.encode()).decode()


def decrypt(token: str) -> str:
    """What `encrypt` was given. Raises UnreadableSecret, which names neither token nor text."""
    return unsealed(token.encode()).decode()


def sealed(data: bytes) -> bytes:
    """What a file holds, as a token like those of `encrypt`."""
    return _current().encrypt(data)


def unsealed(token: bytes) -> bytes:
    """What `sealed` was given. Raises UnreadableSecret."""
    try:
        return _current().decrypt(token)
    except InvalidToken:
        raise UnreadableSecret("No key opens this secret.") from None


def renewed(token: str) -> str:
    """The same secret under the newest key; the token itself where it is that already."""
    newest = _box(_keys()[:1])
    try:
        newest.decrypt(token.encode())
    except InvalidToken:
        return sealed(unsealed(token.encode())).decode()
    return token
