"""Importing names that another RADIUS reports for customers' accounts, so that their usage is counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dataaccounts.models import DataAccount, UsageName
from dataaccounts.policies.importing import LinkRow, read_link
from herotill.imports.judging import Judged, read
from herotill.imports.kinds import KEPT, REMOVED, Fate, Line, Source, WayBack
from herotill.models import Import, ImportRow

REPORT = ("code", "username", "account", "warnings")
GONE = "It has been deleted since."


def decide(source: Source) -> Iterator[Line]:
    """What would be done with each row."""
    return (one.line() for one in _Judgement(source).rows)


def apply(source: Source) -> Iterator[Line]:
    """Do it, and say the same."""
    judgement = _Judgement(source)
    stand = [one for one in judgement.rows if one.stands and one.row]
    made = UsageName.objects.bulk_create(
        [
            UsageName(username=one.row.username, account_id=judgement.whose[one.number])
            for one in stand
            if one.row
        ],
        batch_size=2000,
    )
    for one, name in zip(stand, made, strict=True):
        one.object_id = name.pk
    yield from (one.line() for one in judgement.rows)


class _Judgement:
    """The rows of a file against the accounts and the names that are there. `whose` gives accounts by row."""

    def __init__(self, source: Source) -> None:
        self.rows: list[Judged[LinkRow]] = read(source, read_link, _values)
        self.whose: dict[int, int] = {}
        said = [one.row for one in self.rows if one.row]
        names = {row.username for row in said}
        self._accounts: dict[str, list[tuple[int, str]]] = {}
        found = DataAccount.objects.filter(customer__code__in={row.code for row in said}).order_by("pk")
        for pk, username, code in found.exclude(state="cancelled").values_list(
            "pk", "username", "customer__code"
        ):
            self._accounts.setdefault(code, []).append((pk, username))
        self._names = dict(UsageName.objects.filter(username__in=names).values_list("username", "account"))
        taken = DataAccount.objects.filter(username__in=names)
        self._taken = dict(taken.values_list("username", "pk"))
        for one in self.rows:
            if one.row and one.stands:
                self._judge(one, one.row)

    def _judge(self, one: Judged[LinkRow], row: LinkRow) -> None:
        accounts = self._accounts.get(row.code, [])
        meant = [pk for pk, username in accounts if not row.account or username == row.account]
        has = self._names.get(row.username) or self._taken.get(row.username)
        if has is not None:
            one.skip("already_there") if has in meant else one.refuse("username_taken")
        elif not accounts:
            one.refuse("no_account")
        elif len(meant) != 1:
            one.refuse("account_unknown" if row.account else "which_account")
        else:
            self.whose[one.number] = self._names[row.username] = meant[0]


def _values(row: LinkRow) -> Sequence[str]:
    return (row.code, row.username, row.account, "")


def plan(batch: Import, hold: bool) -> WayBack:
    """All names can go; what they brought to their accounts stays counted."""
    rows = ImportRow.objects.filter(of=batch, object_id__isnull=False).order_by("line")
    lines = list(rows.values_list("object_id", "line", "code"))
    found = UsageName.objects.filter(pk__in=[pk for pk, *_ in lines]).order_by("pk")
    there = set((found.select_for_update() if hold else found).values_list("pk", flat=True))
    fates = [
        Fate(line, code, REMOVED) if pk in there else Fate(line, code, KEPT, GONE) for pk, line, code in lines
    ]
    return WayBack(fates, sorted(there))


def take_back(batch: Import, way: WayBack) -> None:
    """Delete them."""
    UsageName.objects.filter(pk__in=way.plan).delete()
