"""What documents carry of ourselves, kept as it stood; made once for each state of company and bank details."""

from __future__ import annotations

import hashlib
import json

from django.db import IntegrityError, transaction

from billing.models import BankAccount, Letterhead
from herotill.reference.models import Company
from herotill.reference.selectors import vat


def current() -> Letterhead:
    """The letterhead of today's company and bank details, kept for whatever is issued with it."""
    now = today()
    if now.pk:
        return now
    try:
        with transaction.atomic():
            now.save(force_insert=True)
    except IntegrityError:
        return Letterhead.objects.get(digest=now.digest)
    return now


def today() -> Letterhead:
    """The same for looking only: not kept where nothing was issued with it yet."""
    company = Company.objects.get()
    details = _details(company)
    logo = bytes(company.logo) if company.logo else None
    told = json.dumps(details, sort_keys=True).encode() + (logo or b"")
    digest = hashlib.sha256(told).hexdigest()
    found = Letterhead.objects.filter(digest=digest).first()
    return found or Letterhead(digest=digest, details=details, logo=logo)


def _details(company: Company) -> dict[str, object]:
    account = BankAccount.objects.filter(printed=True).first()
    bank = (
        {
            "bank": account.bank,
            "branch_code": account.branch_code,
            "holder": account.holder,
            "number": account.number,
        }
        if account
        else {}
    )
    return {
        "name": company.name,
        "trading_name": company.trading_name,
        "registration_number": company.registration_number,
        "address": company.address,
        "phone": company.phone,
        "email": company.email,
        "website": company.website,
        "accent": company.accent,
        "small_print": company.small_print,
        "bank": bank,
        "vat": [[str(one.starts_on), one.is_vendor, one.vat_number] for one in vat.statuses()],
    }
