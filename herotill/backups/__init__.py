"""Backups: database and files, encrypted to a key whose private half is not here; and the way back.

A backup is a folder: `database.age` (what pg_dump gives), `files.age` (a tar of MEDIA_ROOT) and `manifest.json`, which
holds sums and nothing of anybody. It is made aside and gets its name when it is whole. SECRET_KEY and
FIELD_ENCRYPTION_KEYS are in neither: whoever restores needs them from where they are kept. Whoever knows the public
key can encrypt to it; so the manifest carries its sums a second time, sealed under FIELD_ENCRYPTION_KEYS, and only
what that says is brought back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from herotill.registry import Registry


@dataclass(frozen=True, slots=True)
class Afterwards:
    """Something done once a database was restored, such as giving a role its rights; says what it did."""

    name: str
    do: Callable[[], str]
    order: int = 100


afterwards: Registry[Afterwards] = Registry("thing done after a restore")
DATABASE, FILES, MANIFEST = "database.age", "files.age", "manifest.json"
