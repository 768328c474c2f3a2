"""What prints add: the job that makes them, the run that gathers many, the file that goes with a mail."""

from __future__ import annotations

from collections.abc import Sequence

from billing.services import batching, printing
from herotill import runs
from herotill.jobs import Job, Queue, jobs
from herotill.menu import MenuEntry, menu
from herotill.messages.templates import Attachment, Provider, providers
from herotill.retention import Kept, kinds


def attached(document: int) -> Attachment:
    """The stored print of a document, as the newest version has it."""
    snapshot = printing.newest([document])[document]
    return Attachment(batching.filename(snapshot), printing.original(snapshot))


def stored(documents: Sequence[int]) -> set[int]:
    """Those of these documents whose newest version is stored."""
    return {pk for pk, snapshot in printing.newest(documents).items() if snapshot.sha256}


jobs.register(
    Job(
        name=printing.JOB,
        title="Prints issued documents, once each, and stores them",
        queue=Queue.REPORTS,
        task=printing.carry_out,
        schedule="every minute",
        order=40,
    )
)
kinds.register(
    Kept(
        name="documents-batch",
        title="Files of many documents",
        period=lambda rules: "3 days",
        forget=batching.clear,
        order=60,
    )
)
runs.kinds.register(
    runs.RunKind(
        name=batching.KIND,
        title="Many documents in one file",
        permission="billing.export_documents",
        queue=Queue.REPORTS,
        function=batching.write,
        result_url=batching.result_url,
    )
)
providers.register(Provider(name="document", fetch=attached, ready=stored))
menu.register(
    MenuEntry(
        "billing.prints",
        "Print many",
        "billing:documents-many",
        "billing.export_documents",
        order=80,
        parent="billing",
    )
)
