"""Secrets at rest: encrypted columns, shown masked, read one at a time by a person with a reason."""

from .fields import EncryptedField, Secret
from .keys import UnreadableSecret, decrypt, encrypt
from .reveals import reveal
from .rotation import EncryptedStore, encrypted_stores, reencrypt

__all__ = [
    "EncryptedField",
    "EncryptedStore",
    "Secret",
    "UnreadableSecret",
    "decrypt",
    "encrypt",
    "encrypted_stores",
    "reencrypt",
    "reveal",
]
