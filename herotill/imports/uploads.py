"""Taking a file in: its size, its headings, its fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from herotill.errors import DomainError
from herotill.imports import files
from herotill.imports.kinds import ImportKind
from herotill.imports.reading import Sheet, UnreadableFile
from herotill.imports.sheets import open_sheet
from herotill.models import Import

MOST_COLUMNS = 500


def clean_name(name: str) -> str:
    """The file's name without folders and without what a header or a disk could stumble over."""
    base = PurePath(name.replace("\\", "/")).name
    return "".join(letter if letter.isprintable() else "_" for letter in base).strip(" .")[-200:] or "file"


def opened(data: bytes) -> Sheet:
    """The sheet in `data`. Raises DomainError where it cannot be read."""
    try:
        sheet = open_sheet(data)
    except UnreadableFile as no:
        raise DomainError(str(no), field="file") from no
    if len(sheet.headings) > MOST_COLUMNS:
        raise DomainError(f"The file has more than {MOST_COLUMNS} columns.", field="file")
    return sheet


def receive(*, kind: ImportKind, upload: UploadedFile, actor: Any) -> Import:
    """Keep a file that somebody sent. Raises DomainError for one that is too large or cannot be read."""
    if (upload.size or 0) > settings.MAX_UPLOAD_SIZE:
        raise DomainError(
            f"The file is larger than {settings.MAX_UPLOAD_SIZE // 1_000_000} MB.", field="file"
        )
    return keep(kind=kind, name=upload.name or "", data=upload.read(), actor=actor)


def keep(
    *, kind: ImportKind, name: str, data: bytes, actor: Any, mapping: Mapping[str, str] | None = None
) -> Import:
    """Keep a file with its headings; with a `mapping`, as mapped."""
    sheet = opened(data)
    return Import.objects.create(
        kind=kind.name,
        file_name=clean_name(name),
        file=files.closed(data, f"{kind.name}.bin"),
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        headings=[heading.replace("\0", "") for heading in sheet.headings],
        mapping=dict(mapping or {}),
        state=Import.State.MAPPED if mapping else Import.State.UPLOADED,
        created_by=actor,
    )


def same_before(batch: Import) -> Import | None:
    """An import of the very same file that was applied and stands."""
    same = Import.objects.filter(kind=batch.kind, sha256=batch.sha256, state=Import.State.APPLIED)
    return same.exclude(pk=batch.pk).select_related("run", "applied_by").first()
