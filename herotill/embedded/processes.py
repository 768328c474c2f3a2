"""A server's process: found by the folder it works in, so that a stale process id deceives nobody."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil

PATIENCE = 5.0  # seconds for a server that is up to answer


def of(folder: Path, pid_file: Path) -> psutil.Process | None:
    """The process that `pid_file` names, if it is alive and works in `folder`."""
    try:
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        return process if Path(process.cwd()).samefile(folder) else None
    except (OSError, ValueError, IndexError, psutil.Error):
        return None


def end(process: psutil.Process, sign: signal.Signals, *, seconds: float) -> None:
    """Asks a process to end, waits, and kills it after `seconds`."""
    for asked in (sign, signal.SIGKILL):
        if not lives(process):
            return
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(asked)
        until = time.monotonic() + seconds
        while lives(process) and time.monotonic() < until:
            time.sleep(0.01)


def lives(process: psutil.Process) -> bool:
    """Whether it still does anything; a zombie only waits for whoever started it to notice."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_or_end(process: psutil.Process | None, answers: Callable[[], bool], sign: signal.Signals) -> bool:
    """Gives a server that is up and silent a moment to answer, then ends it; whether it answered."""
    until = time.monotonic() + PATIENCE
    while process and lives(process) and time.monotonic() < until:
        if answers():
            return True
        time.sleep(0.05)
    if process:
        end(process, sign, seconds=30)
    return False
