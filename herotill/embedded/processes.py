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
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(sign)
        try:
            process.wait(seconds)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait(seconds)


def wait_or_end(process: psutil.Process | None, answers: Callable[[], bool], sign: signal.Signals) -> bool:
    """Gives a server that is up and silent a moment to answer, then ends it; whether it answered."""
    until = time.monotonic() + PATIENCE
    while process and process.is_running() and time.monotonic() < until:
        if answers():
            return True
        time.sleep(0.05)
    if process:
        end(process, sign, seconds=30)
    return False
