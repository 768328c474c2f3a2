"""The company's rules about its network, one row."""

from __future__ import annotations

from dataaccounts.models import NetworkRules, VendorAttribute, VendorTemplate


def rules() -> NetworkRules:
    """As they stand."""
    return NetworkRules.objects.get()


def makes_garden(make: VendorTemplate) -> bool:
    """Whether routers of this make are told anything for suspended accounts that they let in."""
    return make.attributes.filter(answers=VendorAttribute.Answers.SUSPENDED).exists()


def makes_without_garden() -> list[str]:
    """The makes of routers in use that are told nothing for them, by name."""
    used = VendorTemplate.objects.filter(routers__retired=False).distinct()
    return [make.name for make in used if not makes_garden(make)]


def garden_hangs_on(row: VendorAttribute) -> bool:
    """Whether routers in use would, without this row, let suspended accounts in as if they were not."""
    told = VendorAttribute.Answers.SUSPENDED
    if row.answers != told or rules().suspended != NetworkRules.Suspended.GARDEN:
        return False
    used = row.vendor.routers.filter(retired=False).exists()
    return used and not row.vendor.attributes.filter(answers=told).exclude(pk=row.pk).exists()
