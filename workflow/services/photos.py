"""Photos of sites: drawn anew, so that nothing of the camera, the place or anything hidden is kept."""

from __future__ import annotations

import hashlib
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from PIL import Image

from herotill import pictures
from herotill.errors import DomainError
from herotill.users.models import User
from workflow.models import JobCard, JobCheck, Photo, Survey
from workflow.policies import photos as policy


@transaction.atomic
def add(
    *,
    upload: UploadedFile,
    actor: User,
    survey: Survey | None = None,
    job: JobCard | None = None,
    check: JobCheck | None = None,
    caption: str = "",
) -> Photo:
    """Keep a photo of one survey or one job; the very same picture is kept once.

    Raises DomainError for what is no picture, is too large, or is one too many.
    """
    drawn = _drawn(upload)
    digest = hashlib.sha256(drawn).hexdigest()
    _hold(survey, job)
    others = Photo.objects.filter(survey=survey, job=job)
    if same := others.filter(sha256=digest).first():
        return _for_check(same, check)
    if others.count() >= policy.MOST:
        raise DomainError(f"It has {policy.MOST} photos already.", field="photo")
    return Photo.objects.create(
        survey=survey,
        job=job,
        check_item=check,
        file=ContentFile(drawn, name=f"{digest[:16]}.jpg"),
        caption=caption,
        size=len(drawn),
        sha256=digest,
        taken_by=actor,
    )


def _hold(survey: Survey | None, job: JobCard | None) -> None:
    """One after the other, so that they are counted right."""
    if survey:
        Survey.objects.select_for_update(of=("self",), no_key=True).get(pk=survey.pk)
    if job:
        JobCard.objects.select_for_update(of=("self",), no_key=True).get(pk=job.pk)


def _for_check(photo: Photo, check: JobCheck | None) -> Photo:
    if check and photo.check_item_id not in (None, check.pk):
        raise DomainError(f"This very photo shows “{photo.check_item}” already; take another.", field="photo")
    if check and photo.check_item_id is None:
        photo.check_item = check
        photo.save(update_fields=["check_item"])
    return photo


def _drawn(upload: UploadedFile) -> bytes:
    """The picture as it is kept: a JPEG of at most EDGE pixels, nothing beside its pixels."""
    if (upload.size or 0) > policy.LARGEST:
        raise DomainError(f"The photo is larger than {policy.LARGEST // 1_000_000} MB.", field="photo")
    content = upload.read()
    kind = policy.content_type(content)
    drawn = kind and pictures.drawn_anew(content, kind)
    if not drawn:
        raise DomainError("This cannot be read as a photo. Use JPEG, PNG or WebP.", field="photo")
    return _small(drawn)


def _small(content: bytes) -> bytes:
    with Image.open(BytesIO(content)) as picture:
        picture.thumbnail((policy.EDGE, policy.EDGE))
        out = BytesIO()
        picture.convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()


@transaction.atomic
def remove(*, photo: Photo, actor: User) -> None:
    """Take a photo away; its file goes once that is certain."""
    storage, name = photo.file.storage, str(photo.file.name)
    photo.delete()
    transaction.on_commit(lambda: storage.delete(name))
