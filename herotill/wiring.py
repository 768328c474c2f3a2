"""What the house itself registers."""

from herotill import attention, events, health, metrics, retention, runs
from herotill.approvals import counting, deciding, reencryption
from herotill.approvals import listing as approvals
from herotill.audit import keeping
from herotill.backups import making as backups
from herotill.imports import files as import_files
from herotill.imports import keeping as imports_keeping
from herotill.integrations.books import packages
from herotill.jobs import Job, Queue, jobs
from herotill.lists import exports, files, remembering, undoing
from herotill.menu import MenuEntry, Section, menu, setup_sections
from herotill.secrets import EncryptedStore, encrypted_stores
from herotill.tiles import Hint, Tile, hints, tiles
from herotill.timetable import calls, watching
from herotill.users.choices import Choice, choices
from herotill.users.grants import EVERYBODY, right

packages.discover()
SCREEN = "Setup: runs and timetable"
right("house.view_run", "see imports and other long work", screen=SCREEN, to=EVERYBODY)
right("house.see_jobs", "see the timetable and how its jobs went", screen=SCREEN, to=("manager",))
right("house.pause_jobs", "pause jobs of the timetable", screen=SCREEN)
right("house.run_jobs", "have jobs carried out at once", screen=SCREEN)
right("house.change_timetable", "change when jobs are carried out", screen=SCREEN)

menu.register(MenuEntry("start", "Start", "start", "", "home", 10, key="s"))
setup_sections.register(Section("people", "Moving in, people and rights", 0))
setup_sections.register(Section("system", "This installation", 800))
menu.register(MenuEntry("setup", "Setup", "setup", "", "cog-6-tooth", 900, gathers=True))
menu.register(
    MenuEntry(
        "setup.runs",
        "Runs",
        "runs",
        "house.view_run",
        "queue-list",
        800,
        parent="setup",
        about="Imports and other long work.",
    )
)
menu.register(
    MenuEntry(
        "setup.timetable",
        "Timetable",
        "timetable",
        "house.see_jobs",
        "clock",
        810,
        parent="setup",
        about="What runs by itself, and when.",
    )
)

MOVE = "Setup: moving in"
right("house.view_movingin", "see how far moving in is", screen=MOVE, to=("manager", "accounts"))
right("house.move_in", "move in: note the old system's figures", screen=MOVE, to=("manager",))
right("house.sign_move", "begin a move, sign it or call it off: billing off and on", screen=MOVE, money=True)
menu.register(
    MenuEntry(
        "setup.moving-in",
        "Moving in",
        "moving-in",
        "house.view_movingin",
        "truck",
        5,
        parent="setup",
        about="Bring everything over from another system, step by step, with proof.",
    )
)

TRAIL = "Setup: audit trail"
right("house.see_audit", "see every change to anything", screen=TRAIL, to=("manager",), sensitive=True)
right(
    "house.export_audit",
    "export large parts of the audit trail",
    screen=TRAIL,
    to=("manager",),
    sensitive=True,
)

FIGURE = "tiles/_figure.html"
tiles.register(Tile("moving-in", "Moving in", "house.view_movingin", FIGURE, attention.moving_tile, order=5))
tiles.register(Tile("runs", "Runs", "house.view_run", FIGURE, attention.runs_tile, order=800))
tiles.register(Tile("jobs", "Timetable", "house.see_jobs", FIGURE, attention.jobs_tile, order=810))
tiles.register(Tile("hints", "To set up", "", "tiles/_hints.html", attention.hints_tile, order=900))
hints.register(
    Hint(
        name="colleagues",
        what="Take your colleagues on",
        why="You are the only one on the staff.",
        url_name="users:people",
        permission="users.add_user",
        needed=attention.works_alone,
    )
)
hints.register(
    Hint(
        name="second-factor",
        what="Demand a second factor",
        why="No role asks for more than a password.",
        url_name="users:roles",
        permission="users.change_role",
        needed=attention.second_factor_is_optional,
    )
)

jobs.register(
    Job(
        name="runs-sweep",
        title="Takes up long jobs whose worker was lost",
        queue=Queue.MESSAGES,
        task=runs.sweep,
        schedule="every minute",
        order=10,
        fixed=True,
    )
)
jobs.register(
    Job(
        name="jobs-watch",
        title="Takes up jobs whose worker was lost, and tells of those that fail or are late",
        queue=Queue.MESSAGES,
        task=watching.watch,
        schedule="every minute",
        order=15,
        fixed=True,
    )
)
jobs.register(
    Job(
        name=events.JOB,
        title="Hands what happened to those parts that act on it",
        queue=Queue.MESSAGES,
        task=events.hand_out,
        schedule="every minute",
        order=20,
    )
)
for pulse in health.pulses():
    jobs.register(pulse)
choices.register(Choice("list:", remembering.accepts))
runs.kinds.register(files.KINDS)
jobs.register(
    Job(
        name="audit-quarters",
        title="Makes room for the audit of the coming quarters",
        queue=Queue.REPORTS,
        task=keeping.prepare,
        schedule="daily at 03:50",
        order=95,
        alone=True,
    )
)
right("house.view_export", "see who exported which rows", screen=TRAIL, to=("manager",), sensitive=True)
exports.register()
menu.register(
    MenuEntry(
        "setup.exports",
        "Exports",
        "exports",
        "house.view_export",
        "arrow-down-tray",
        840,
        parent="setup",
        about="Who took which rows out of a list, and when.",
    )
)

RETENTION = "Setup: retention"
right("house.view_retentionrules", "see how long records are kept", screen=RETENTION, to=("manager",))
right("house.change_retentionrules", "set how long records are kept", screen=RETENTION)
retention.register()
metrics.register()
for order, (name, title, period, forget) in enumerate(
    (
        ("exports", "Files of large exports", "3 days", files.clear),
        ("bulk", "What bulk changes need to be undone", "1 day", undoing.clear),
        ("job-calls", "Calls of the timetable", "90 days, 2 where there was nothing to do", calls.forget),
        ("imports", "Files of imports", "90 days, 30 where never finished", imports_keeping.clear),
    )
):
    retention.kinds.register(
        retention.Kept(
            name=name,
            title=title,
            period=lambda rules, period=period: period,  # type: ignore[misc]
            forget=forget,
            order=50 + order,
        )
    )
jobs.register(
    Job(
        name="retention",
        title="Lets go of records past their time, kind by kind",
        queue=Queue.REPORTS,
        task=retention.carry_out,
        schedule="daily at 03:40",
        order=97,
        alone=True,
    )
)
menu.register(
    MenuEntry(
        "setup.retention",
        "Retention",
        "retention",
        "house.view_retentionrules",
        "archive-box",
        845,
        parent="setup",
        about="How long records are kept, and when they last went.",
    )
)

jobs.register(
    Job(
        name="backup",
        title="Backs up database and files, encrypted, where a place for them is set",
        queue=Queue.REPORTS,
        task=backups.nightly,
        schedule="daily at 01:10",
        order=98,
        alone=True,
    )
)
HERE = "Setup: installation"
right("house.see_installation", "see whose database this is", screen=HERE, to=EVERYBODY)
right("house.confirm_installation", "let a restored database act outward", screen=HERE)
menu.register(
    MenuEntry(
        "setup.installation",
        "Installation",
        "installation",
        "house.see_installation",
        "server-stack",
        846,
        parent="setup",
        about="Whose database this is, and whether anything may go out of it.",
    )
)

APPROVALS = "Approvals"
right("house.view_approval", "see what waits for a second person", screen=APPROVALS, to=EVERYBODY)
approvals.register()
menu.register(
    MenuEntry(
        "approvals",
        "Approvals",
        "approvals",
        "house.view_approval",
        "check-badge",
        850,
        counter=counting.waiting_for,
    )
)
jobs.register(
    Job(
        name="approvals-lapse",
        title="Ends what waited for a second person for thirty days",
        queue=Queue.MONEY,
        task=lambda now: f"{deciding.lapse_old(now=now)} ended.",
        schedule="daily at 03:15",
        order=40,
    )
)
encrypted_stores.register(EncryptedStore("approvals", reencryption.payloads))
encrypted_stores.register(EncryptedStore("files of imports", import_files.renewals))
