"""The answer to a challenge by MS-CHAPv2 (RFC 2759), as a router sends it on."""

from __future__ import annotations

import hashlib
import shutil
import subprocess

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

SMBENCRYPT = shutil.which("smbencrypt") or ""
THEIRS, PEERS = bytes(range(16)), bytes(range(16, 32))


def attributes(user: str, password: str) -> dict[str, bytes]:
    """The two attributes of a log-in."""
    answer = response(user, nt_hash(password), THEIRS, PEERS)
    told = bytes(2) + PEERS + bytes(8) + answer  # identifier, flags, peer's challenge, reserved, answer
    return {"MS-CHAP-Challenge": _hex(THEIRS), "MS-CHAP2-Response": _hex(told)}


def nt_hash(password: str) -> bytes:
    """MD4 of the password, which OpenSSL no longer makes."""
    said = subprocess.run([SMBENCRYPT, password], capture_output=True, text=True, check=True).stdout
    return bytes.fromhex(said.split()[-1])


def response(user: str, key: bytes, theirs: bytes, peers: bytes) -> bytes:
    """24 octets: the challenge, enciphered by DES under each third of the password's hash."""
    challenge = hashlib.sha1(peers + theirs + user.encode(), usedforsecurity=False).digest()[:8]
    padded = key.ljust(21, b"\0")
    return b"".join(_des(padded[start : start + 7], challenge) for start in (0, 7, 14))


def _des(seven: bytes, block: bytes) -> bytes:
    bits = int.from_bytes(seven, "big")
    key = bytes((bits >> shift & 0x7F) << 1 for shift in range(49, -1, -7))
    cipher = Cipher(TripleDES(key * 3), modes.ECB()).encryptor()
    return cipher.update(block) + cipher.finalize()


def _hex(value: bytes) -> bytes:
    return b"0x" + value.hex().encode()
