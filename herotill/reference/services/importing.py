"""Products from a file: each record a product with at most one price. What is there already changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from herotill.folding import fold
from herotill.imports.kinds import Line, Source
from herotill.imports.reading import Row
from herotill.reference.models import Price, PriceList, Product, ProductType
from herotill.reference.policies.importing import Record, Refused, read

REPORT = ("name", "type", "price", "from", "price list")
OTHER = "OTHER"
PriceKey = tuple[str, str, date]


def decide(source: Source) -> Iterator[Line]:
    """What would be done with each record. Nothing is written."""
    return _Reading(source).lines()


def apply(source: Source) -> Iterator[Line]:
    """Do it, and say the same."""
    return _Writing(source).lines()


@dataclass(slots=True)
class Step:
    """What a record does: values of its product that are new, and a price that is."""

    record: Record
    is_new: bool
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    sets_price: bool = False
    warnings: list[str] = field(default_factory=list)


class _Reading:
    """The records one after the other, each decided by what is there and what came before it in the file."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.types = dict(ProductType.objects.values_list("name_key", "name"))
        self.lists = dict(PriceList.objects.values_list("name_key", "name"))
        self.products = {values["code"]: values for values in _present()}
        self.prices: dict[PriceKey, Decimal] = {
            (code, key or "", day): amount
            for code, key, day, amount in Price.objects.values_list(
                "product__code", "price_list__name_key", "starts_on", "amount"
            )
        }

    def lines(self) -> Iterator[Line]:
        for row in self.source.sheet.rows():
            cells = self.source.columns.read(row.cells).texts
            if self.source.columns.overrun(cells):
                yield Line(row.line, "refuse", "wrong_columns", cells=row.cells)
            else:
                yield self._line(row, self.source.columns.by_field(cells))

    def _line(self, row: Row, texts: Mapping[str, str]) -> Line:
        if not any(texts.values()):
            return Line(row.line, "skip", "blank_row", cells=row.cells)
        try:
            step = self._decide(read(texts, self.source.day))
        except Refused as no:
            return Line(row.line, "refuse", no.reason, texts.get("code", ""), cells=row.cells)
        return self._told(row, step)

    def _told(self, row: Row, step: Step) -> Line:
        record = step.record
        does = step.is_new or bool(step.after) or step.sets_price
        line = Line(
            row.line,
            "create" if step.is_new else "update" if does else "skip",
            "" if does else "unchanged",
            record.code,
            step.warnings,
            _report(record, self.products[record.code]["product_type"]),
            row.cells,
        )
        if does:
            self.write(step, line)
        return line

    def write(self, step: Step, line: Line) -> None:
        """Do what the step says and note it on the line."""

    def _decide(self, record: Record) -> Step:
        present = self.products.get(record.code)
        if present is None and not record.name:
            raise Refused("no_name")
        step = Step(record, is_new=present is None)
        wanted = self._wanted(record, present or {}, step.warnings)
        now = present or {}
        step.after = {name: value for name, value in wanted.items() if now.get(name) != value}
        step.before = {name: now[name] for name in step.after} if present else {}
        self.products[record.code] = {**now, **wanted}
        self._decide_price(record, step)
        return step

    def _wanted(self, record: Record, now: Mapping[str, Any], warnings: list[str]) -> dict[str, Any]:
        """The values the product has afterwards: the file's, what is there, or the usual ones."""
        return {
            "name": record.name or now["name"],
            "description": record.description or now.get("description", ""),
            "product_type": self._named(self.types, record.kind, "type_created", warnings)
            or now.get("product_type", OTHER),
            "vat_class": record.vat_class or now.get("vat_class", "standard"),
            "price_includes_vat": now.get("price_includes_vat", True)
            if record.includes_vat is None
            else record.includes_vat,
        }

    def _named(self, known: dict[str, str], name: str, warning: str, warnings: list[str]) -> str:
        """The name as it is known; one that is not gets known, with a warning."""
        if not name:
            return ""
        key = fold(name)
        if key not in known:
            known[key] = name
            warnings.append(warning)
        return known[key]

    def _decide_price(self, record: Record, step: Step) -> None:
        if record.price is None or record.starts_on is None:
            return
        self._named(self.lists, record.price_list, "list_created", step.warnings)
        key = (record.code, fold(record.price_list), record.starts_on)
        if key not in self.prices:
            self.prices[key], step.sets_price = record.price, True
        elif self.prices[key] != record.price:
            step.warnings.append("price_kept")


class _Writing(_Reading):
    """The same, and each step written as it is decided."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        list(Product.objects.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
        self._types = dict(ProductType.objects.values_list("name_key", "pk"))
        self._lists = dict(PriceList.objects.values_list("name_key", "pk"))
        self._ids = dict(Product.objects.values_list("code", "pk"))

    def write(self, step: Step, line: Line) -> None:
        if step.is_new:
            self._ids[step.record.code] = Product.objects.create(
                code=step.record.code, **self._columns(step.after)
            ).pk
        elif step.after:
            product = Product.objects.get(pk=self._ids[step.record.code])
            for name, value in self._columns(step.after).items():
                setattr(product, name, value)
            product.save()
        line.object_id = self._ids[step.record.code]
        line.before, line.after = step.before, step.after | {"price": self._price(step)}

    def _columns(self, values: Mapping[str, Any]) -> dict[str, Any]:
        given = dict(values)
        if kind := given.pop("product_type", ""):
            given["product_type_id"] = self._id_of(ProductType, self._types, kind, "type")
        return given

    def _id_of(self, model: Any, known: dict[str, int], name: str, made: str) -> int:
        key = fold(name)
        if key not in known:
            known[key] = model.objects.create(name=name).pk
            self.source.made.setdefault(made, []).append(known[key])
        return known[key]

    def _price(self, step: Step) -> int | None:
        record = step.record
        if not step.sets_price or record.price is None or record.starts_on is None:
            return None
        listed = self._id_of(PriceList, self._lists, record.price_list, "list") if record.price_list else None
        return Price.objects.create(
            product_id=self._ids[record.code],
            price_list_id=listed,
            starts_on=record.starts_on,
            amount=record.price,
        ).pk


def _present() -> Iterator[dict[str, Any]]:
    for code, kind, *values in Product.objects.values_list(
        "code", "product_type__name", "name", "description", "vat_class", "price_includes_vat"
    ):
        names = ("name", "description", "vat_class", "price_includes_vat")
        yield {"code": code, "product_type": kind, **dict(zip(names, values, strict=True))}


def _report(record: Record, kind: str) -> tuple[str, ...]:
    price = "" if record.price is None else str(record.price)
    return (record.name, kind, price, str(record.starts_on or ""), record.price_list)
