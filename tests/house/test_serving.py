"""The demo's programs live and end together, and only for this machine."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from django.core.management import CommandError, call_command

from herotill import serving
from herotill.serving import Program, Refused

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
ROOT = Path(__file__).resolve().parents[2]


def test_programs_end_with_the_block(tmp_path):
    with serving.group(tmp_path) as group:
        group.start([Program("web", SLEEP), Program("worker", SLEEP)])
        pids = [process.pid for process in group.running.values()]
        assert all(psutil.pid_exists(pid) for pid in pids)

    assert not any(psutil.pid_exists(pid) for pid in pids)


@pytest.mark.parametrize("sign", serving.ENDINGS)
def test_ctrl_c_a_kill_and_a_closed_terminal_end_the_wait(tmp_path, sign):
    with serving.group(tmp_path) as group:
        group.start([Program("web", SLEEP)])
        os.kill(os.getpid(), sign)
        group.wait()
        assert group.asked_to_end.is_set()
    assert signal.getsignal(sign) != signal.SIG_IGN


def test_a_program_that_ends_by_itself_is_named_with_its_last_words(tmp_path):
    broken = Program("beat", [sys.executable, "-c", "raise SystemExit('no timetable')"])
    with serving.group(tmp_path) as group:
        group.start([Program("web", SLEEP), broken])
        with pytest.raises(Refused, match=r"beat ended by itself \(1\):\nno timetable"):
            group.wait()


def test_a_program_that_will_not_end_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(serving, "GRACE", 0.2)
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(600)"
    with serving.group(tmp_path) as group:
        group.start([Program("worker", [sys.executable, "-c", stubborn])])
        group.wait(until=lambda: group.log("worker").read_text() != "")
        process = group.running["worker"]
    assert process.returncode == -signal.SIGKILL


def test_programs_end_even_when_the_launcher_is_killed_outright(tmp_path):
    code = f"""
import sys
from pathlib import Path
from herotill import serving
with serving.group(Path({str(tmp_path)!r})) as group:
    group.start([serving.Program("web", {SLEEP!r})])
    print(group.running["web"].pid, flush=True)
    group.wait()
"""
    launcher = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert launcher.stdout
    with launcher.stdout:
        child = psutil.Process(int(launcher.stdout.readline()))
    launcher.kill()
    launcher.wait()

    assert gone(child)


def gone(process: psutil.Process) -> bool:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def test_a_second_demo_is_told_where_the_first_is(tmp_path):
    lock = tmp_path / "demo" / "lock"
    second = serving.only_one(lock, "It runs at :8001")
    with serving.only_one(lock, "It runs at :8000"), pytest.raises(Refused, match="It runs at :8000"):
        second.__enter__()
    with serving.only_one(lock, "It runs at :8002"):
        assert lock.read_text() == "It runs at :8002"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"])
def test_this_machine_may_be_served(host):
    serving.must_be_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.1.10", "10.0.0.1", "demo.isp.example"])
def test_nobody_beyond_this_machine_is_served_with_known_passwords(host):
    with pytest.raises(Refused, match="this machine only"):
        serving.must_be_loopback(host)


def test_a_taken_port_is_named_with_the_way_out():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Refused, match=f"PORT={port + 1}"):
            serving.must_be_free("127.0.0.1", port)
    serving.must_be_free("127.0.0.1", port)


def test_the_demo_wants_to_be_called_one(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo")


def test_the_demo_refuses_an_address_that_others_reach(settings):
    settings.DEMO = True
    with pytest.raises(CommandError, match=r"this machine only, not 0\.0\.0\.0"):
        call_command("demo", host="0.0.0.0")


def test_gunicorn_refuses_it_too():
    refused = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--bind", "0.0.0.0:0"],
        cwd=ROOT,
        env={**os.environ, "DEMO": "1"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert refused.returncode != 0
    assert "this machine only, not 0.0.0.0" in refused.stderr
