"""Ourselves: changed, and the logo drawn anew."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from herotill.errors import DomainError
from herotill.reference.models import Company
from herotill.reference.policies import logos
from herotill.reference.selectors.brand import brand_changed


@transaction.atomic
def change(*, company: Company, logo: UploadedFile | None = None, no_logo: bool = False) -> Company:
    """Save what was typed about us; issued documents keep what they showed.

    Raises DomainError for a logo that is no picture, or one over MAX_UPLOAD_SIZE octets.
    """
    Company.objects.select_for_update().get(pk=company.pk)
    if logo is not None:
        company.logo = _drawn(logo)
    elif no_logo:
        company.logo = None
    company.save()
    transaction.on_commit(brand_changed)
    return company


def _drawn(logo: UploadedFile) -> Any:
    if (logo.size or 0) > settings.MAX_UPLOAD_SIZE:
        raise DomainError(
            f"The picture is larger than {settings.MAX_UPLOAD_SIZE // 1_000_000} MB.", field="logo"
        )
    drawn = logos.logo_of(logo.read())
    if drawn is None:
        raise DomainError("This is no PNG, JPEG or WebP picture, or it is broken.", field="logo")
    return drawn
