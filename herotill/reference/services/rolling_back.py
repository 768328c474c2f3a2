"""Taking an import of products back: prices and products it brought go unless something has come to need them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from herotill.imports.kinds import KEPT, REMOVED, RESTORED, STAYS, Fate, WayBack
from herotill.models import Import, ImportRow
from herotill.reference.models import Price, PriceList, Product, ProductType

USED = "It is in use by now; it can be retired."
PRICED = "It has got further prices since."
GONE = "The product has been deleted since."
CHANGED = "Changed since."


@dataclass(slots=True)
class Plan:
    """What a roll-back writes."""

    prices: list[int] = field(default_factory=list)
    products: list[int] = field(default_factory=list)
    back: list[tuple[int, dict[str, Any]]] = field(default_factory=list)


def plan(batch: Import, hold: bool) -> WayBack:
    """What taking the import back would do, the last record first. With `hold` its products stay as they are."""
    rows = list(ImportRow.objects.filter(of=batch, object_id__isnull=False).order_by("-line"))
    ids = {row.object_id for row in rows if row.object_id}
    products = Product.objects.filter(pk__in=ids).select_related("product_type").order_by("pk")
    there = {one.pk: one for one in (products.select_for_update(of=("self",)) if hold else products)}
    made = Plan(prices=[row.after["price"] for row in rows if row.after and row.after["price"]])
    stays = _stays(ids, made.prices)
    fates = [_fate(row, there, stays, made) for row in rows]
    return WayBack(sorted(fates, key=lambda fate: fate.line), made)


def _stays(ids: Iterable[int], prices: Iterable[int]) -> dict[int, str]:
    """The products that something needs beside the prices that go, and what."""
    priced = Price.objects.filter(product__in=ids).exclude(pk__in=prices)
    found = dict.fromkeys(priced.values_list("product_id", flat=True), PRICED)
    for relation in Product._meta.related_objects:
        user: Any = relation.related_model
        if user is Price:
            continue
        name = relation.field.attname
        used = user._default_manager.filter(**{f"{relation.field.name}__in": ids}).order_by()
        found |= dict.fromkeys(used.values_list(name, flat=True).distinct(), USED)
    return found


def _fate(row: ImportRow, there: dict[int, Product], stays: dict[int, str], made: Plan) -> Fate:
    pk = row.object_id or 0
    if pk not in there:
        return Fate(row.line, row.code, KEPT, GONE)
    if row.outcome == "create":
        if pk in stays:
            return Fate(row.line, row.code, STAYS, stays[pk])
        made.products.append(pk)
        return Fate(row.line, row.code, REMOVED)
    return _restored(row, there[pk], made)


def _restored(row: ImportRow, product: Product, made: Plan) -> Fate:
    after = {name: value for name, value in (row.after or {}).items() if name != "price"}
    if any(_value(product, name) != value for name, value in after.items()):
        return Fate(row.line, row.code, KEPT, CHANGED)
    if after:
        made.back.append((product.pk, dict(row.before or {})))
        _give_back(product, row.before or {})
    return Fate(row.line, row.code, RESTORED)


def _value(product: Product, name: str) -> Any:
    return product.product_type.name if name == "product_type" else getattr(product, name)


def _give_back(product: Product, values: Any) -> None:
    """Put values onto the object; a type that has gone meanwhile leaves the present one."""
    for name, value in values.items():
        if name != "product_type":
            setattr(product, name, value)
        elif kind := ProductType.objects.filter(name=value).first():
            product.product_type = kind


def take_back(batch: Import, way: WayBack) -> None:
    """Do what was planned."""
    made: Plan = way.plan
    Price.objects.filter(pk__in=made.prices).delete()
    Product.objects.filter(pk__in=made.products).delete()
    for pk, values in made.back:
        product = Product.objects.get(pk=pk)
        _give_back(product, values)
        product.save()
    types = ProductType.objects.filter(pk__in=batch.made.get("type", []), products=None)
    types.delete()
    PriceList.objects.filter(pk__in=batch.made.get("list", []), prices=None).delete()
