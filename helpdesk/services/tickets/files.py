"""Files that come with a post."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from customers.policies import uploads
from customers.services import attachments
from helpdesk.models import Post, PostFile
from herotill.errors import DomainError

MOST = 10  # files sent at once with a form


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to keep, as it is. `content_id` is by what the text of a mail shows it."""

    filename: str
    content: bytes
    content_type: str
    content_id: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def checked(files: Iterable[UploadedFile]) -> list[NewFile]:
    """Files sent with a form: of a kind that is kept, and what their names say; pictures are drawn anew.

    Raises DomainError for one that is not kept, and for too many.
    """
    sent = list(files)
    if len(sent) > MOST:
        raise DomainError(f"At most {MOST} files at once.", field="files")
    try:
        return [_checked(one) for one in sent]
    except DomainError as trouble:
        raise DomainError(str(trouble), field="files") from trouble


def _checked(upload: UploadedFile) -> NewFile:
    name = uploads.clean_name(upload.name or "")
    content, content_type = attachments.checked(upload, name)
    return NewFile(name, content, content_type)


def keep(post: Post, files: Sequence[NewFile]) -> list[PostFile]:
    """Store what came with a post; the very same file twice on one post is one."""
    kept: dict[str, NewFile] = {}
    for one in files:
        kept.setdefault(one.sha256, one)
    return PostFile.objects.bulk_create(_row(post, one) for one in kept.values())


def _row(post: Post, one: NewFile) -> PostFile:
    return PostFile(
        post=post,
        file=ContentFile(one.content, name=uploads.clean_name(one.filename)),
        filename=one.filename[:200],
        content_type=one.content_type[:100],
        size=len(one.content),
        sha256=one.sha256,
        content_id=one.content_id[:200],
    )
