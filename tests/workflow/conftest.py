"""What stories of one part of the workflow have in common."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from workflow.gates import gates


@pytest.fixture
def gates_of_jobs() -> Iterator[None]:
    """Only the gates of jobs and first invoices stand; the stories of the others are told elsewhere."""
    taken = [gate for gate in gates if gate.name not in ("job-completed", "draft-checked")]
    for gate in taken:
        gates.unregister(gate.name)
    yield
    for gate in taken:
        gates.register(gate)
