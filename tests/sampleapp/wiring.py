"""What the sample app registers, to prove that an app can add to every screen without the house knowing it."""

from herotill.events import Consumer, consumers
from herotill.jobs import Job, Queue, jobs
from herotill.menu import MenuEntry, menu
from herotill.runs import RunKind, kinds
from herotill.search import SearchKind, search_kinds
from herotill.tiles import Tile, tiles
from tests.sampleapp import screens, work  # noqa: F401

jobs.register(
    Job(
        name="sample-tick",
        title="Leaves a mark",
        queue=Queue.NETWORK,
        task=work.tick,
        schedule="daily at 02:30",
    )
)
for queue in Queue:
    jobs.register(
        Job(
            name=f"sample-pays-{queue}",
            title=f"Pays what is owed to {queue}",
            queue=queue,
            task=lambda now, queue=queue: work.pay_what_is_owed(queue),
            schedule="only when asked",
            alone=queue == Queue.MONEY,
        )
    )
WORK = {"count": work.count, "refuse": work.refuse, "stumble": work.stumble, "safe": work.buy_safe}
for name, function in WORK.items():
    kinds.register(
        RunKind(
            name=f"sample-{name}",
            title=f"Sample: {name}",
            permission="house.view_run",
            queue=Queue.REPORTS,
            function=function,
            result_url=lambda run: f"/sample/{run.pk}/",
        )
    )
kinds.register(
    RunKind(
        name="sample-firm",
        title="Sample: firm",
        permission="house.pause_jobs",
        queue=Queue.MONEY,
        function=work.count,
        can_cancel=False,
    )
)
consumers.register(Consumer("sample-memory", frozenset({"sample.made"}), work.remember))
menu.register(
    MenuEntry(
        name="setup.sample",
        label="Samples",
        url_name="timetable",
        permission="sampleapp.view_gadget",
        order=999,
        parent="setup",
        counter=work.marks_waiting,
    )
)
tiles.register(
    Tile("sample", "Marks", "sampleapp.view_gadget", "tiles/_figure.html", work.marks_tile, order=700)
)
search_kinds.register(
    SearchKind(
        name="gadget",
        label="Gadgets",
        permission="sampleapp.view_gadget",
        url=lambda row: f"/sample/gadgets/{row.object_id}/",
        icon="cube",
        chips={"l": ("Large", "accent")},
        order=500,
    )
)
