"""Deeds that apps above put beside a service in the portal: a button that leads to a page of theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dataaccounts.models import DataAccount
from herotill.registry import Registry

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class PortalDeed:
    """A button beside a service in the portal that leads to a page of an app above; `fits` says for which."""

    name: str
    label: str | _StrPromise
    url: Callable[[DataAccount], str]
    fits: Callable[[DataAccount], bool]
    order: int = 100


portal_deeds: Registry[PortalDeed] = Registry("deed in the portal")


def in_portal(account: DataAccount) -> list[dict[str, str]]:
    """The buttons of a service."""
    return [
        {"name": one.name, "label": str(one.label), "url": one.url(account)}
        for one in portal_deeds
        if one.fits(account)
    ]
