"""What is read of packages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from dataaccounts.models import DataAccount, Package, PackageChange, ServiceSpan, Session, VoucherBatch

PROMISES = (
    "down_kbit",
    "up_kbit",
    "burst_down_kbit",
    "burst_up_kbit",
    "burst_seconds",
    "allowance",
    "counts",
    "when_capped",
    "once_capped_id",
    "pool",
    "session_seconds",
    "idle_seconds",
)


def promised(package: Package) -> tuple[Any, ...]:
    """What a session that is up has of a package."""
    return tuple(getattr(package, name) for name in PROMISES)


def having(package: Package) -> QuerySet[DataAccount]:
    """The accounts that have a package, or have it as their service once capped; not those cancelled."""
    kept = DataAccount.objects.exclude(state=DataAccount.State.CANCELLED)
    return kept.filter(Q(package=package) | Q(package__once_capped=package, capped_at__isnull=False))


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a change of a package meets."""

    accounts: int
    online: int


def reach(package: Package) -> Reach:
    """How many accounts have it, and how many sessions are up: two queries."""
    names = having(package).values("username")
    up = Session.objects.filter(stopped_at=None, username__in=names).count()
    return Reach(having(package).count(), up)


def counts(packages: Sequence[int]) -> dict[int, int]:
    """How many accounts have each of these packages, cancelled ones left out."""
    found = DataAccount.objects.exclude(state=DataAccount.State.CANCELLED).filter(package__in=packages)
    grouped = found.order_by().values("package").annotate(count=Count("pk"))
    return dict(grouped.values_list("package", "count"))


def uses(package: Package, *, but: Collection[int] = ()) -> str:
    """Why a package cannot be deleted, or nothing; the packages `but` go with it."""
    if DataAccount.objects.filter(package=package).exists():
        return "Accounts have it"
    spans = ServiceSpan.objects.filter(package=package)
    changes = PackageChange.objects.filter(Q(from_package=package) | Q(to_package=package))
    if spans.exists() or changes.exists():
        return "Accounts had it"
    if Package.objects.filter(once_capped=package).exclude(pk__in=but).exists():
        return "It is the service once capped of another"
    return "Vouchers give it" if VoucherBatch.objects.filter(package=package).exists() else ""
