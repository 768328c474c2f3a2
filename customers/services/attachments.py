"""Files kept as evidence: checked by what they hold, known by the SHA-256 of what is kept."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from customers.models import Attachment, Customer
from customers.policies import uploads
from herotill import pictures
from herotill.errors import DomainError
from herotill.users.models import User


@transaction.atomic
def add(*, customer: Customer, upload: UploadedFile, kind: str, note: str, actor: User | None) -> Attachment:
    """Keep a file. Its type is what its content says; a name that says otherwise is refused.

    A picture is drawn anew, so that nothing hides in it; other files stay as they came. Raises DomainError
    for a type that is not kept, an empty or broken file, or one over MAX_UPLOAD_SIZE octets.
    """
    name = uploads.clean_name(upload.name or "")
    content, content_type = _checked(upload, name)
    digest = hashlib.sha256(content).hexdigest()
    Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=customer.pk)
    if Attachment.objects.filter(customer=customer, sha256=digest).exists():
        raise DomainError("This very file is attached to the customer already.", field="file")
    return Attachment.objects.create(
        customer=customer,
        kind=kind,
        file=ContentFile(content, name=name),
        filename=name,
        content_type=content_type,
        size=len(content),
        sha256=digest,
        note=note,
        uploaded_by=actor,
    )


def _checked(upload: UploadedFile, name: str) -> tuple[bytes, str]:
    """The bytes to keep and their type."""
    if (upload.size or 0) > settings.MAX_UPLOAD_SIZE:
        raise DomainError(
            f"The file is larger than {settings.MAX_UPLOAD_SIZE // 1_000_000} MB.", field="file"
        )
    content = upload.read()
    content_type = uploads.content_type(name=name, content=content)
    if content_type is None:
        raise DomainError(
            f"{name} is not kept: its name and content do not agree, or it is of no kind that is. "
            "Use PDF, JPEG, PNG, WebP, DOCX, XLSX, ODT, plain text or CSV.",
            field="file",
        )
    if content_type.startswith("image/"):
        drawn = pictures.drawn_anew(content, content_type)
        if drawn is None:
            raise DomainError(f"{name} cannot be read as a picture, or has too many pixels.", field="file")
        content = drawn
    return content, content_type


@transaction.atomic
def remove(*, attachment: Attachment, actor: User) -> None:
    """Take a file away; its bytes go once the deletion is certain."""
    storage, name = attachment.file.storage, str(attachment.file.name)
    attachment.delete()
    transaction.on_commit(lambda: storage.delete(name))
