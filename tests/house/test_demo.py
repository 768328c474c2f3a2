"""From nothing to a page that answers, and back: what `make demo` promises."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from herotill import embedded
from tests.house.test_embedded import connect, ended

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180.0
CUSTOMERS = "SELECT code, surname FROM customers_customer ORDER BY code"


@dataclass
class Demo:
    """A demo with servers, data and port of its own."""

    run: Path
    port: int

    def start(self) -> subprocess.Popen[str]:
        ours = {"DEMO": "1", "RUN_DIR": str(self.run), "DJANGO_SETTINGS_MODULE": "herotill.settings"}
        words = ["manage.py", "demo", f"--port={self.port}", "--customers=12", "--months=1"]
        inherited = {
            name: value for name, value in os.environ.items() if name not in ("EXTRA_APPS", "DATABASE_URL")
        }
        return subprocess.Popen(
            [sys.executable, "-u", *words],
            cwd=ROOT,
            env=inherited | ours,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def page(self, path: str) -> str:
        with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return str(answer.read().decode())


@pytest.fixture
def demo() -> Iterator[Demo]:
    folder = Path(tempfile.mkdtemp(prefix="herotill-test-", dir="/tmp"))
    folder.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as free:
        made = Demo(folder / ".run", free.getsockname()[1])
    yield made
    ended(made.run)
    shutil.rmtree(folder)


def said_until(process: subprocess.Popen[str], words: str) -> str:
    """What it prints, up to the line with `words`."""
    lines: list[str] = []
    assert process.stdout
    until = time.monotonic() + PATIENCE
    for line in process.stdout:
        lines.append(line)
        if words in line or time.monotonic() > until:
            break
    return "".join(lines)


def interrupted(process: subprocess.Popen[str]) -> tuple[int, str]:
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    return process.returncode, said


def test_it_starts_from_nothing_ends_at_ctrl_c_and_keeps_its_data(demo):
    first = demo.start()
    welcome = said_until(first, "Ctrl-C")
    programs = psutil.Process(first.pid).children(recursive=True)

    assert f"http://127.0.0.1:{demo.port}/login/" in welcome, welcome
    assert "admin, manager, accounts, collections, sales, support, technician, auditor" in welcome
    assert "<form" in demo.page("/login/")
    assert {"gunicorn", "worker", "beat"} <= set(
        re.findall(r"gunicorn|worker|beat", str([each.cmdline() for each in programs]))
    )

    second = demo.start()
    refused, _ = second.communicate(timeout=PATIENCE)
    assert second.returncode == 1
    assert f"The demo runs already: http://127.0.0.1:{demo.port}/" in refused

    code, goodbye = interrupted(first)
    assert code == 0
    assert "`make stop`" in goodbye
    assert [each for each in programs if each.is_running()] == []
    assert set(embedded.running(demo.run)) == {"PostgreSQL", "Redis"}

    with connect(demo.run) as database:
        database.execute("UPDATE customers_customer SET surname = 'Hargreaves' WHERE code = 'ALI001'")
        before = database.execute(CUSTOMERS).fetchall()
    third = demo.start()
    assert "Ctrl-C" in said_until(third, "Ctrl-C")
    assert interrupted(third)[0] == 0
    with connect(demo.run) as database:
        assert database.execute(CUSTOMERS).fetchall() == before
    assert ("ALI001", "Hargreaves") in before
    assert len(before) >= 12  # those asked for, and leads who have become customers
