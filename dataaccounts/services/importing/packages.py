"""Importing packages. What is there stays as it is: a file only adds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dataaccounts.models import Package
from dataaccounts.policies.importing import PackageRow, read_package
from dataaccounts.policies.measures import octets_in_words, speed_in_words
from dataaccounts.selectors.packages import uses
from herotill.folding import fold
from herotill.imports.judging import Judged, read
from herotill.imports.kinds import KEPT, REMOVED, STAYS, Fate, Line, Source, WayBack
from herotill.models import Import, ImportRow
from herotill.reference.models import Product

REPORT = ("name", "product", "download", "upload", "allowance", "warnings")
USED = "Something uses it by now; it can be retired."
GONE = "It has been deleted since."


def decide(source: Source) -> Iterator[Line]:
    """What would be done with each row."""
    return (one.line() for one in _Judgement(source).rows)


def apply(source: Source) -> Iterator[Line]:
    """Do it, and say the same."""
    judgement = _Judgement(source)
    for one in judgement.rows:
        if one.stands and one.row:
            one.object_id = judgement.write(one.row)
    yield from (one.line() for one in judgement.rows)


class _Judgement:
    """The rows of a file against the packages and products that are there."""

    def __init__(self, source: Source) -> None:
        self.rows: list[Judged[PackageRow]] = read(
            source, read_package, _values, code=lambda texts: texts.get("name", "")
        )
        self._there = dict(Package.objects.values_list("name_key", "pk"))
        self._products = dict(Product.objects.values_list("code", "pk"))
        self._said: set[str] = set()
        for one in self.rows:
            if one.row and one.stands:
                self._judge(one, one.row)

    def _judge(self, one: Judged[PackageRow], row: PackageRow) -> None:
        key, capped = fold(row.name), fold(row.once_capped)
        if key in self._said:
            one.refuse("name_twice")
        elif key in self._there:
            one.skip("already_there")
        elif row.product and row.product not in self._products:
            one.refuse("product_unknown")
        elif not row.product and not row.staff:
            one.refuse("no_product")
        elif capped and capped not in self._there and capped not in self._said:
            one.refuse("once_capped_unknown")
        else:
            self._said.add(key)

    def write(self, row: PackageRow) -> int:
        made = Package.objects.create(
            name=row.name,
            product_id=self._products.get(row.product),
            staff=row.staff,
            down_kbit=row.down,
            up_kbit=row.up,
            burst_down_kbit=row.burst_down,
            burst_up_kbit=row.burst_up,
            allowance=row.allowance,
            when_capped=row.when_capped,
            once_capped_id=self._there[fold(row.once_capped)] if row.once_capped else None,
            pool=row.pool,
            sessions=row.sessions,
            mac_lock=row.mac_lock,
        )
        self._there[fold(row.name)] = made.pk
        return made.pk


def _values(row: PackageRow) -> Sequence[str]:
    allowance = octets_in_words(row.allowance) if row.allowance else "Uncapped"
    return (row.name, row.product, speed_in_words(row.down), speed_in_words(row.up), allowance, "")


def plan(batch: Import, hold: bool) -> WayBack:
    """Which packages can go: those that nothing has come to use, but other packages that go with them."""
    rows = ImportRow.objects.filter(of=batch, object_id__isnull=False).order_by("-line")
    lines = list(rows.values_list("object_id", "line", "code"))
    found = Package.objects.filter(pk__in=[pk for pk, *_ in lines]).order_by("pk")
    there = {one.pk: one for one in (found.select_for_update() if hold else found)}
    goes: set[int] = set()
    fates: list[Fate] = []
    for pk, line, code in lines:
        if pk not in there:
            fates.append(Fate(line, code, KEPT, GONE))
        elif uses(there[pk], but=goes):
            fates.append(Fate(line, code, STAYS, USED))
        else:
            goes.add(pk)
            fates.append(Fate(line, code, REMOVED))
    return WayBack(sorted(fates, key=lambda fate: fate.line), sorted(goes, reverse=True))


def take_back(batch: Import, way: WayBack) -> None:
    """Delete them, those that refer to others first."""
    for pk in way.plan:
        Package.objects.filter(pk=pk).delete()
