"""The files of imports, which may hold ID numbers and passwords: they lie encrypted for as long as they are kept."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.files.base import ContentFile
from django.db import transaction

from herotill import storing
from herotill.models import Import
from herotill.secrets.keys import renewed, sealed, unsealed


def closed(data: bytes, name: str) -> ContentFile[bytes]:
    """A file as it is stored."""
    return ContentFile(sealed(data), name=name)


def opened(batch: Import) -> bytes:
    """What was uploaded."""
    with batch.file.open("rb") as file:
        return unsealed(file.read())


def renewals() -> Iterator[int]:
    """Bring every file under the newest key; yields how many changed, file by file."""
    for pk in Import.objects.exclude(file="").order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            batch = Import.objects.select_for_update().filter(pk=pk).exclude(file="").first()
            if batch is None:
                continue
            with batch.file.open("rb") as file:
                token = bytes(file.read())
            new = renewed(token.decode()).encode()
            if new != token:
                storing.keep({str(batch.file.name): new})
        yield int(new != token)
