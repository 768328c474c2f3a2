"""The towers of the invented ISP: a router and three sectors at each highsite."""

from __future__ import annotations

from django.db import transaction

from dataaccounts.demo.secrets import secret
from dataaccounts.models import Nas, Sector, VendorTemplate
from dataaccounts.services import radius_secrets
from herotill.demo import DemoOrder
from herotill.reference.models import Highsite

MAKES = ("mikrotik", "mikrotik", "mikrotik", "mikrotik", "standard", "accel-ppp")
SECTORS = ("North", "South-east", "South-west")


@transaction.atomic
def make_network(order: DemoOrder) -> None:
    """A router for each highsite that has none, with its sectors and a secret."""
    makes = dict(VendorTemplate.objects.values_list("slug", "pk"))
    bare = Highsite.objects.filter(routers=None, retired=False).order_by("pk")
    for number, highsite in enumerate(bare, start=Nas.objects.count()):
        nas = Nas.objects.create(
            name=f"{highsite.name} router",
            address=f"10.20.{number // 250}.{number % 250 + 1}",
            vendor_id=makes[MAKES[number % len(MAKES)]],
            highsite=highsite,
            web_url=f"http://10.20.{number // 250}.{number % 250 + 1}/",
        )
        Sector.objects.bulk_create(Sector(highsite=highsite, name=name, nas=nas) for name in SECTORS)
        radius_secrets.set_secret(nas_id=nas.pk, secret=secret(order, number), actor=None)
