"""What a job used, put in and saw: materials, equipment in the customer's register, the test of the account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from billing.selectors.recurring import list_price
from customers.models import Asset
from customers.services import assets
from dataaccounts.selectors import sessions
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.reference.models import Product
from herotill.users.models import User
from workflow.models import JobCard, JobEquipment, JobMaterial
from workflow.policies.jobs import OPEN


def _open(job: JobCard) -> JobCard:
    """The card, held while it is worked on. Raises DomainError once it has ended."""
    cards = JobCard.objects.select_for_update(of=("self",), no_key=True)
    found = cards.select_related("customer", "account").get(pk=job.pk)
    if found.state not in OPEN:
        raise DomainError(f"This job is {found.get_state_display().lower()}; it stands as it is.")
    return found


@transaction.atomic
def change_card(*, job: JobCard, values: Mapping[str, Any], seen: int, actor: User) -> JobCard:
    """Say differently what is to be done and where; `seen` is the version that was looked at.

    Raises DomainError where somebody else changed the card meanwhile.
    """
    card = _open(job)
    if card.version != seen:
        raise DomainError("Somebody else changed this job meanwhile. Look at it as it is now.")
    account = values.get("account")
    if account and account.customer_id != card.customer_id:
        raise DomainError("That data account is another customer's.", field="account")
    for name, value in values.items():
        setattr(card, name, value)
    card.version += 1
    card.save(update_fields=[*values, "version"])
    return card


@transaction.atomic
def add_material(
    *,
    job: JobCard,
    text: str,
    quantity: Decimal,
    product: Product | None,
    billed: bool,
    actor: User,
    now: datetime,
) -> JobMaterial:
    """Note what was used. What the customer pays for is a product with a price, for it is billed by that."""
    card = _open(job)
    if billed and product is None:
        raise DomainError("Choose the product by which the customer pays for it.", field="product")
    if billed and product and list_price(product, card.customer, local_day(now)) is None:
        raise DomainError(f"{product} has no price.", field="product")
    said = text.strip() or (product.name if product else "")
    if not said:
        raise DomainError("Say what was used.", field="text")
    return JobMaterial.objects.create(
        job=card, product=product, text=said[:200], quantity=quantity, billed=billed
    )


@transaction.atomic
def remove_material(*, material: JobMaterial, actor: User) -> None:
    """It was not used after all."""
    _open(material.job)
    material.delete()


@transaction.atomic
def add_equipment(*, job: JobCard, values: Mapping[str, Any], actor: User, now: datetime) -> JobEquipment:
    """Put equipment into the customer's register; `values` are fields of Asset by name."""
    card = _open(job)
    asset = assets.add(
        customer=card.customer, values={"installed_on": local_day(now)} | dict(values), actor=actor
    )
    return JobEquipment.objects.create(job=card, asset=asset, made_here=True)


@transaction.atomic
def remove_equipment(*, equipment: JobEquipment, actor: User) -> None:
    """It was not put in after all; what this job put into the register goes from there too."""
    _open(equipment.job)
    asset: Asset = equipment.asset
    equipment.delete()
    if equipment.made_here:
        assets.remove(asset=asset, actor=actor)


@transaction.atomic
def test_account(*, job: JobCard, actor: User, now: datetime) -> dict[str, Any]:
    """See whether the account of a job is online, and keep what was seen. Raises DomainError without an account."""
    card = _open(job)
    if card.account is None:
        raise DomainError("This job is for no data account.")
    lines = sessions.online(accounts=[card.account], limit=1)
    seen: dict[str, Any] = {
        "account": card.account.username,
        "online": bool(lines),
        "at": now.isoformat(),
        "by": str(actor),
    }
    if lines:
        session = lines[0].session
        seen |= {"address": str(session.ip_address or ""), "since": str(session.started_at or "")}
    card.tested = seen
    card.save(update_fields=["tested"])
    return seen
