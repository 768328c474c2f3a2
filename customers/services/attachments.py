"""Files kept as evidence: checked by what they hold, known by the SHA-256 of what is kept."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import ProtectedError

from customers.models import Attachment, Customer
from customers.policies import uploads
from herotill import pictures
from herotill.errors import DomainError
from herotill.users.models import User


@transaction.atomic
def add(
    *,
    customer: Customer,
    upload: UploadedFile,
    kind: str,
    note: str,
    actor: User | None,
    shared: bool = False,
) -> Attachment:
    """Keep a file. Its type is what its content says; a name that says otherwise is refused. Customers see a
    `shared` one in the portal.

    A picture is drawn anew, so that nothing hides in it; other files stay as they came. Raises DomainError
    for a type that is not kept, an empty or broken file, or one over MAX_UPLOAD_SIZE octets.
    """
    name = uploads.clean_name(upload.name or "")
    content, content_type = checked(upload, name)
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
        shared=shared,
        uploaded_by=actor,
    )


def checked(upload: UploadedFile, name: str) -> tuple[bytes, str]:
    """The bytes to keep of what was sent, and their type. Raises DomainError for what is not kept."""
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


def share(*, attachment: Attachment, shared: bool, actor: User) -> None:
    """Show a file to the customer in the portal, or show it no more."""
    if not Attachment.objects.filter(pk=attachment.pk).update(shared=shared):
        raise DomainError("Somebody else deleted this file a moment ago.")


@transaction.atomic
def remove(*, attachment: Attachment, actor: User) -> None:
    """Take a file away; its bytes go once the deletion is certain.

    Raises DomainError for one that is the proof of something, such as a signed mandate.
    """
    storage, name = attachment.file.storage, str(attachment.file.name)
    try:
        with transaction.atomic():
            attachment.delete()
    except ProtectedError as trouble:
        raise DomainError("This file is the proof of a signed mandate, and is kept.") from trouble
    transaction.on_commit(lambda: storage.delete(name))
