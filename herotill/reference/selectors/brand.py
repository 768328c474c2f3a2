"""How customers see us on their pages: name, colour, whether there is a logo, whether there are terms."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Coalesce, Left

from herotill.reference.models import Company

KEPT, SECONDS = "brand", 60


@dataclass(frozen=True, slots=True)
class Brand:
    """`stamp` changes with the colour, `logo` with the picture: they make addresses that browsers may keep."""

    name: str
    phone: str
    email: str
    accent: str
    logo: str
    has_terms: bool

    @property
    def stamp(self) -> str:
        return hashlib.sha256(self.accent.encode()).hexdigest()[:8]


def brand() -> Brand:
    """As it was at most a minute ago, since it stands on every page; a change in Setup counts at once."""
    found: Brand = cache.get_or_set(KEPT, _asked, SECONDS)  # type: ignore[assignment]
    return found


def brand_changed() -> None:
    """The next page asks anew."""
    cache.delete(KEPT)


def _asked() -> Brand:
    """One question, which does not fetch the picture itself."""
    digest = Func(F("logo"), function="md5", output_field=TextField())
    asked = Company.objects.annotate(logo_stamp=Left(Coalesce(digest, Value("")), 8), begins=Left("terms", 1))
    row = asked.values("name", "trading_name", "phone", "email", "accent", "logo_stamp", "begins").get()
    return Brand(
        name=row["trading_name"] or row["name"],
        phone=row["phone"],
        email=row["email"],
        accent=row["accent"],
        logo=row["logo_stamp"],
        has_terms=bool(row["begins"]),
    )
