"""Files that must be there whole or not at all, whatever is switched off in the middle."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage

AT_ONCE = 16


def keep(files: Mapping[str, bytes]) -> None:
    """Write files by name; when this returns they are on disk. One that is there already is replaced whole."""
    if not isinstance(default_storage._wrapped, FileSystemStorage):  # type: ignore[attr-defined]
        for name, content in files.items():
            _given_away(name, content)
        return
    paths = [Path(default_storage.path(name)) for name in files]
    for folder in {path.parent for path in paths}:
        _made(folder)
    # Waiting for the disk together takes about as long as once.
    with ThreadPoolExecutor(min(len(paths), AT_ONCE) or 1) as pool:
        list(pool.map(_written, paths, files.values()))
    for folder in {path.parent for path in paths}:
        synced(folder)


def _given_away(name: str, content: bytes) -> None:
    """To a store elsewhere, which keeps a file whole or not at all."""
    if default_storage.exists(name):
        default_storage.delete(name)
    default_storage.save(name, ContentFile(content))


def _made(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS or 0o700, parents=True, exist_ok=True)
        synced(folder.parent)


def _written(path: Path, content: bytes) -> None:
    """Beside its place first, then moved there, so that its name never stands for a part of it."""
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), settings.FILE_UPLOAD_PERMISSIONS or 0o600)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def synced(folder: Path) -> None:
    """Have a folder's entries on disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
