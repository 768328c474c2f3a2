"""What is owed to the jobs of the queue reports."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyrage
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from billing.models import AgedCustomer, AgeingPicture, Debtor, Snapshot
from billing.selectors.ageing import Way
from billing.services import audit_packs, pictures
from customers.models import Customer, DataCopy
from customers.services import data_copies
from dataaccounts.models import ArchivedSession, CallFile, Session, UsageMonth
from dataaccounts.services import partitions
from herotill import retention
from herotill.backups import MANIFEST, programs
from herotill.messages.models import Message
from herotill.models import KeptState, RetentionRules, Run
from tests.dataaccounts.radius_sql import Line
from tests.factories import make_customer, make_person
from tests.factories.billing import make_invoice
from tests.factories.calls import make_call, make_line
from tests.factories.data import make_account, make_nas
from tests.factories.workflow import make_lead, make_quote
from tests.house.killed.story import NOWHERE, Story, World, heard, nothing
from workflow.models import Quote

DAY = timedelta(days=1)


def prepare(world: World, settings: Any) -> None:
    """A place and a key for backups; who owes something."""
    identity = pyrage.x25519.Identity.generate()
    world.environment |= {
        "BACKUP_DIR": str(world.folder / "backups"),
        "CALL_ROWS_KEPT_MONTHS": "36",
        "BACKUP_RECIPIENTS": str(identity.to_public()),
    }
    a_dump_that_is_held_once(world)
    make_nas()
    make_invoice(make_customer("Dora Liddel", "OWE001"), "454.00", world.today - 60 * DAY)


def a_dump_that_is_held_once(world: World) -> None:
    """A backup asks the database little: its worker is held while pg_dump runs, and says so in its place."""
    script, held = world.folder / "programs" / "pg_dump", world.folder / "held"
    script.parent.mkdir()
    script.write_text(
        f"""#!/bin/sh
if [ "$1" != --version ] && mkdir {world.folder}/dumped 2>/dev/null; then
    printf %s "$PPID" > {held}/.backup
    mv {held}/.backup {held}/backup.held
    exec sleep infinity
fi
exec {programs.program("pg_dump")} "$@"
"""
    )
    script.chmod(0o755)
    world.environment["PG_BIN"] = str(script.parent)


def asked(statement: str) -> Any:
    """The one value that a statement gives."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def do(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


# --- room in tables in parts ----------------------------------------------------------------------------


def parts(table: str) -> str:
    """How many parts a table has."""
    return f"SELECT count(*) FROM pg_inherits WHERE inhparent = '{table}'::regclass"


def without_the_last(table: str) -> None:
    """The part that is furthest ahead is still to be made."""
    last = asked(
        f"SELECT max(inhrelid::regclass::text) FROM pg_inherits WHERE inhparent = '{table}'::regclass"
        " AND inhrelid::regclass::text !~ 'default'"
    )
    do(f"DROP TABLE {last}")


def room(table: str, at: str) -> Story:
    """The part that is missing is made, once."""
    before: list[int] = []

    def owe(world: World) -> None:
        before.append(asked(parts(table)))
        without_the_last(table)

    return Story(owe, lambda world: asked(parts(table)) == before[-1], True, at=at, before=True)


# --- papers, pictures, copies ---------------------------------------------------------------------------


def printed(world: World) -> list[bool]:
    return [bool(one.sha256) and default_storage.exists(one.file) for one in Snapshot.objects.all()]


def an_hour_ago(world: World) -> None:
    """What was posted is old enough to be summed up; the ledger itself lets nobody say so."""
    do(
        "ALTER TABLE billing_entry DISABLE TRIGGER USER",
        "UPDATE billing_entry SET posted_at = posted_at - interval '2 hours'",
        "ALTER TABLE billing_entry ENABLE TRIGGER USER",
    )


def a_picture_nobody_looks_at(world: World) -> None:
    day = world.today - 3 * DAY
    pictures.of(as_at=day, counted=Way(), now=world.now - 2 * DAY)


def an_old_pack(world: World) -> None:
    run = Run.objects.create(
        kind=audit_packs.KIND,
        title="Pack",
        state="done",
        started_by=make_person("Paula"),
        finished_at=world.now - 4 * DAY,
    )
    default_storage.save(audit_packs.place(run), ContentFile(b"PK"))


def packs(world: World) -> int:
    _, files = default_storage.listdir("audit-packs")
    return len(files)


def left_for_good(world: World) -> None:
    """And nobody is kept longer than the day on which they left."""
    RetentionRules.objects.update(anonymise_after_months=0)
    gone = make_customer("Xan Liddel", "XAN001")
    Customer.objects.filter(pk=gone.pk).update(status="cancelled")


def kept_backups(world: World) -> list[bool]:
    """What stands in the folder; whether each is whole."""
    folder = Path(world.environment["BACKUP_DIR"])
    return [is_whole(one) for one in folder.iterdir()] if folder.exists() else []


def is_whole(backup: Path) -> bool:
    return not backup.name.startswith(".") and bool(json.loads((backup / MANIFEST).read_text()))


# --- quotes, sessions, usage ----------------------------------------------------------------------------


def quoted(world: World, name: str, *, days_ago: int) -> None:
    lead = make_lead(f"{name} Liddel", email=f"{name.lower()}@isp.example")
    make_quote(lead, now=world.now - days_ago * DAY)


def ended_long_ago(world: World) -> None:
    make_account(make_customer("Arno Liddel", "ARC001"), "arno@isp.example")
    began = int((world.now - 100 * DAY).timestamp())
    for number in range(3):
        line = Line(began, user="arno@isp.example", session=f"old-{number}")
        line.send("stop", began + 600, 10, 100)


def used_last_month(world: World) -> None:
    account = make_account(make_customer("Una Liddel", "MON001"), "una@isp.example")
    partitions.make(partitions.DAYS, first=world.now - 40 * DAY, last=world.now)
    do(f"INSERT INTO dataaccounts_usageday VALUES ({account.pk}, '{world.today}', 4000, 100)")


def calls_of_long_ago(world: World) -> None:
    call = make_call(make_line(customer=make_customer("Cal Liddel", "CAL001")))
    CallFile.objects.filter(pk=call.file_id).update(state="done", taken_at=world.now - 9 * 365 * DAY)


STORIES = {
    "documents-print": Story(nothing, printed, [True]),
    "collectors-list": Story(
        nothing, lambda world: list(Debtor.objects.values_list("customer__code", flat=True)), ["OWE001"]
    ),
    "messages-quarters": room("outbox_message", "outbox_prepare"),
    "ageing-picture": Story(
        nothing,
        lambda world: list(
            AgedCustomer.objects.filter(picture__as_at=world.today).values_list("customer__code", flat=True)
        ),
        ["OWE001"],
    ),
    "ageing-pictures-clear": Story(
        a_picture_nobody_looks_at,
        lambda world: AgeingPicture.objects.filter(as_at=world.today - 3 * DAY).count(),
        0,
    ),
    "audit-pack-clear": Story(an_old_pack, packs, 0, at='FROM "house_run"'),
    "audit-quarters": room("house_auditevent", "house_audit_prepare"),
    "anonymise": Story(
        left_for_good, lambda world: Customer.objects.get(code="XAN001").name, "Former customer XAN001"
    ),
    "data-copies": Story(
        lambda world: data_copies.ask(
            customer=make_customer("Cora Liddel", "COP001"), actor=None, now=world.now
        ),
        lambda world: DataCopy.objects.filter(made_at__isnull=False).count(),
        1,
    ),
    "month-sums": Story(
        nothing,
        lambda world: asked("SELECT sum(excl)::text FROM billing_monthrevenue"),
        "394.78",
        comes=an_hour_ago,
    ),
    "retention": Story(
        calls_of_long_ago,
        lambda world: (
            KeptState.objects.filter(failed=False).count() == len(retention.kinds),
            CallFile.objects.filter(thinned_at__isnull=False).count(),
        ),
        (True, 1),
    ),
    "backup": Story(nothing, kept_backups, [True], at=NOWHERE),
    "quotes-expire": Story(
        lambda world: quoted(world, "Quentin", days_ago=40),
        lambda world: Quote.objects.get(lead__first_names="Quentin").state,
        "expired",
    ),
    "quotes-remind": Story(
        lambda world: quoted(world, "Rhoda", days_ago=4),
        lambda world: (
            Quote.objects.get(lead__first_names="Rhoda").reminded,
            Message.objects.filter(address="rhoda@isp.example").count(),
        ),
        (1, 2),
    ),
    "sessions-archive": Story(
        ended_long_ago,
        lambda world: (
            ArchivedSession.objects.count(),
            Session.objects.filter(session_id__startswith="old").count(),
        ),
        (3, 0),
    ),
    "usage-room": room("dataaccounts_usagehour", "dataaccounts_make_parts"),
    "usage-months": Story(
        used_last_month, lambda world: list(UsageMonth.objects.values_list("download", flat=True)), [4000]
    ),
    "pulse-reports": heard("reports"),
}
