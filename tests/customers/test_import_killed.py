"""An import is done whole or not at all: killed in the middle, pressed twice, or begun twice at once."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from customers.models import Contact, Customer
from herotill.models import Import, ImportRow, Run
from herotill.users.models import User
from tests.acceptance import bulk
from tests.customers.importing.stories import debit_runs, import_csv
from tests.house.workers import ROOT, Workers, workers

pytestmark = pytest.mark.django_db(transaction=True)

RECORDS = 4000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "old system.csv"
    path.write_bytes(bulk.export(RECORDS))
    return path


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Workers]:
    (tmp_path / "logs").mkdir()
    with workers(tmp_path / "logs") as started:
        started.environment["MEDIA_ROOT"] = str(tmp_path / "media")
        yield started


def begin(house: Workers, file: Path) -> subprocess.Popen[str]:
    """`import_csv` in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "import_csv", "customers", str(file)],
        cwd=ROOT,
        env=house.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def in_the_middle() -> bool:
    return Run.objects.filter(done__gt=0, done__lt=RECORDS, state=Run.State.RUNNING).exists()


def test_a_command_killed_in_the_middle_leaves_nothing_and_the_next_does_it(
    house: Workers, file: Path
) -> None:
    debit_runs()
    first = begin(house, file)
    house.wait(in_the_middle)
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()

    assert not Customer.objects.exists()
    assert not ImportRow.objects.exists()

    second = begin(house, file)
    said, _ = second.communicate(timeout=180)
    assert second.returncode == 0, said
    assert Customer.objects.count() == Contact.objects.count() == RECORDS
    assert User.objects.filter(kind="portal").count() == RECORDS

    house.worker()
    house.wait(lambda: not Run.objects.filter(state=Run.State.RUNNING).exists(), meanwhile=house.sweep)
    killed, done = Run.objects.order_by("pk")
    assert killed.state == Run.State.FAILED
    assert "Nothing of it has been written" in killed.error
    assert done.state == Run.State.DONE
    assert Customer.objects.count() == RECORDS

    number = re.search(r"--roll-back (\d+)", said)
    assert number
    import_csv("--roll-back", number[1])
    assert not Customer.objects.exists()


def test_a_worker_killed_in_the_middle_leaves_nothing_and_another_does_it_once(
    house: Workers, file: Path
) -> None:
    house.call(
        "from tests.customers.test_import_killed import ask; from pathlib import Path; "
        f"ask(Path({str(file)!r}))"
    )
    first = house.worker()
    house.wait(in_the_middle)
    house.kill(first)
    assert not Customer.objects.exists()

    house.worker()
    house.wait(lambda: not Run.objects.get().is_open, meanwhile=house.sweep)

    run = Run.objects.get()
    assert (run.state, run.token) == (Run.State.DONE, 2)
    assert run.counts["created"] == Customer.objects.count() == RECORDS
    assert Import.objects.get().state == Import.State.APPLIED


def ask(file: Path) -> None:
    """Has a worker import a file; runs in a process that speaks to the real broker."""
    from django.db import transaction

    from herotill import runs
    from herotill.imports import mapping, steps, uploads
    from herotill.imports.kinds import kinds
    from tests.customers.importing.stories import importer

    kind, naledi = kinds["customers"], importer()
    batch = uploads.keep(kind=kind, name=file.name, data=file.read_bytes(), actor=naledi)
    chosen = mapping.fitted(batch.headings, kind.presets[0].fields)
    with transaction.atomic():
        params = {"import": batch.pk}
        run = runs.start(kind=steps.run_kind(kind, steps.APPLY), params=params, actor=naledi)
        Import.objects.filter(pk=batch.pk).update(
            mapping=chosen, day="2018-04-01", state=Import.State.APPLYING, run=run
        )


def test_two_at_once_go_one_after_the_other(file: Path) -> None:
    """Both begin before either ends; the second finds everybody there and changes nobody."""
    said: list[str] = []

    def go() -> None:
        try:
            said.append(import_csv("customers", file))
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Customer.objects.count() == RECORDS
    assert sorted(re.findall(r"([\d,]+) created, ([\d,]+) updated", " ".join(said))) == [
        ("0", "4,000"),
        ("4,000", "0"),
    ]
    assert Customer.objects.filter(version__gt=2).count() == 0
