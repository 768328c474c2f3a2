"""Files kept as evidence: checked by what they hold, stored as they came, known by their SHA-256."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from customers.models import Attachment, Customer
from customers.policies import uploads
from herotill.errors import DomainError
from herotill.users.models import User


def add(*, customer: Customer, upload: UploadedFile, kind: str, note: str, actor: User) -> Attachment:
    """Keep a file. Its type is what its content says; a name that says otherwise is refused.

    Raises DomainError for a type that is not kept, an empty file, or one over MAX_UPLOAD_SIZE octets.
    """
    size = upload.size or 0
    if size > settings.MAX_UPLOAD_SIZE:
        raise DomainError(
            f"The file is larger than {settings.MAX_UPLOAD_SIZE // 1_000_000} MB.", field="file"
        )
    name = uploads.clean_name(upload.name or "")
    content_type = uploads.content_type(name=name, start=upload.read(4096))
    if content_type is None:
        raise DomainError(
            f"Files like {name} are not kept. Use PDF, JPEG, PNG, WebP, DOCX, XLSX, ODT, plain text or CSV.",
            field="file",
        )
    digest = _digest(upload)
    if Attachment.objects.filter(customer=customer, sha256=digest).exists():
        raise DomainError("This very file is attached to the customer already.", field="file")
    upload.seek(0)
    return Attachment.objects.create(
        customer=customer,
        kind=kind,
        file=upload,
        filename=name,
        content_type=content_type,
        size=size,
        sha256=digest,
        note=note,
        uploaded_by=actor,
    )


def _digest(upload: UploadedFile) -> str:
    upload.seek(0)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()


@transaction.atomic
def remove(*, attachment: Attachment, actor: User) -> None:
    """Take a file away; its bytes go once the deletion is certain."""
    storage, name = attachment.file.storage, attachment.file.name
    attachment.delete()
    transaction.on_commit(lambda: storage.delete(str(name)))
