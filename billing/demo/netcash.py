"""Netcash in the demo: the service set up, and a server that stands in for it, which forgets nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from decimal import Decimal
from zlib import crc32

from django.conf import settings

from billing.channels.netcash import netcash
from billing.collecting import ResultRow
from billing.models import BankAccount, BankService
from billing.policies import account_checks
from billing.services import bank_services
from herotill import approvals
from herotill.clock import local, moment, stamp
from herotill.demo import DemoOrder
from herotill.integrations.netcash.bureau import Bureau
from herotill.integrations.netcash.standin import KEYS, NetcashStandIn
from herotill.users.models import User

ACCOUNT = "Netcash"
KEPT = settings.RUN_DIR / "demo" / "netcash.json"
TYPES = {"1": "current", "2": "savings", "3": "transmission"}
CODES = ("02", "02", "04", "12")
EVERY = 9  # so many debits, one comes back


def make_service(order: DemoOrder) -> None:
    """The service in use: one asked for its keys, another approved them."""
    clerk, chief = (User.objects.filter(username=name).first() for name in ("accounts", "manager"))
    service = bank_services.service(netcash.name)
    if not (clerk and chief) or service.debit_key:
        return
    now = moment(order.today, time(8))
    _keys(service, clerk, chief, now)
    account, _ = BankAccount.objects.get_or_create(
        name=ACCOUNT, defaults={"kind": BankAccount.Kind.GATEWAY, "source": BankAccount.Source.BATCH}
    )
    service.refresh_from_db()
    values = {"account": account, "is_on": True, "loads_good_lines": True}
    unchanged = {name: getattr(service, name) for name in ("instruction", "lead_days", "cutoff_hour")}
    bank_services.change(service=service, values=unchanged | values)
    order.say("the debit-order service, with keys that two people set")


def _keys(service: BankService, clerk: User, chief: User, now: datetime) -> None:
    wanted = {"debit_key": KEYS.debit, "account_key": KEYS.account}
    asked = bank_services.ask_for_keys(
        service=service, wanted=wanted, reason="Our profile at Netcash", actor=clerk, now=now
    )
    approvals.decide(request=asked, approve=True, actor=chief, now=now)


def standing_in(port: int) -> NetcashStandIn:
    """The server of the demo. Results come in on the day a batch is authorised, so that nobody has to wait."""
    bureau = Bureau(
        now=lambda: local(stamp()).replace(tzinfo=None),
        check=_passes,
        takes_good_lines=True,
        early=True,
        by_chance=_by_chance,
    )
    return NetcashStandIn(bureau, port=port, kept=KEPT)


def statement(results: Iterable[ResultRow]) -> bytes:
    """Results as Netcash's portal gives them, between the balances."""
    told = sorted(results, key=lambda row: row.day)
    sums = sum((-row.amount if row.kind == "unpaid" else row.amount for row in told), Decimal(0))
    first, last = (told[0].day, told[-1].day) if told else (None, None)
    opening = (first, "OBL", "0", "Opening balance", "0.00", "+", "0.00", "", "", "", "")
    closing = (last, "CBL", "0", "Closing balance", sums, "+", "0.00", "", "", "", "")
    rows = (opening, *map(_cells, told), closing)
    return "\r\n".join("\t".join(map(str, row)) for row in rows).encode()


def _cells(row: ResultRow) -> tuple[object, ...]:
    sign = "-" if row.kind == "unpaid" else "+"
    moved = (row.day, row.told_type, row.told_id, row.text, row.amount, sign, "0.00")
    return (*moved, row.line_reference, row.reference, "", "")


def _passes(kind: str, number: str, branch: str) -> bool:
    return account_checks.check(account_checks.whose_branch(branch), TYPES.get(kind, ""), number, branch)


def _by_chance(reference: str) -> tuple[str, int] | None:
    turn = crc32(reference.encode())
    return (CODES[turn // EVERY % len(CODES)], 2) if turn % EVERY == 0 else None
