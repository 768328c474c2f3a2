"""What is owed to the jobs of the queue network."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import Any

from dataaccounts.models import (
    Call,
    CallDrop,
    CallFile,
    DataAccount,
    NasTurn,
    PackageChange,
    Session,
    SessionOrder,
    SignalReading,
    UsageDay,
    VoiceLine,
)
from dataaccounts.services import accounts, package_changes, radius_secrets, session_orders
from herotill import events
from herotill.api.models import Delivery
from herotill.api.services import webhooks
from herotill.integrations.mikrotik.standin import ApiStandIn
from herotill.integrations.radius.standin import NasStandIn
from tests.api.test_webhooks import Listener
from tests.dataaccounts.radius_sql import Line, account
from tests.factories import make_customer, make_person
from tests.factories.calls import make_deck, make_line, make_profile
from tests.factories.data import make_account, make_nas, make_package, make_session
from tests.factories.helpdesk import make_ticket
from tests.house.killed.story import Story, World, heard

SECRET = "tower-one-secret"
MAC = "80:2A:A8:24:E8:61"
HEAD = "Account,Start,From,To,Seconds,Cost,Direction,ID\n"
ROW = "27871234567,{:%Y-%m-%d} 10:00:00,x,0821234567,60,0.50,out,{}\n"


def prepare(world: World, settings: Any) -> None:
    """A router, a radio and a program that is told stand in, and a folder in which files are left."""
    settings.OUTBOUND_ALLOW = ["127.0.0.1", "127.0.0.2"]
    settings.CALL_DROPS_DIR = str(world.folder / "drops")
    world.there.tower = world.open.enter_context(NasStandIn(SECRET.encode(), address="127.0.0.2"))
    world.there.radio = world.open.enter_context(ApiStandIn({MAC: "-61"}))
    world.there.listener = world.open.enter_context(Listener())
    world.environment |= {"OUTBOUND_ALLOW": "127.0.0.1,127.0.0.2", "CALL_DROPS_DIR": settings.CALL_DROPS_DIR}
    make_nas("Core", "10.1.0.1")


def account_of(code: str, **fields: Any) -> DataAccount:
    return make_account(
        make_customer(f"{code.title()} Liddel", code), f"{code.lower()}@isp.example", **fields
    )


def state_of(code: str) -> tuple[str, str]:
    found = DataAccount.objects.select_related("package").get(customer__code=code)
    return found.state, found.package.name


# --- sessions -------------------------------------------------------------------------------------------


def to_be_cut(world: World) -> None:
    nas = make_nas("Tower", world.there.tower.address, coa_port=world.there.tower.port)
    radius_secrets.set_secret(nas_id=nas.pk, secret=SECRET, actor=None)
    cut = account_of("CUT001")
    for number in range(3):
        make_session(cut, nas, f"cut-{number}", started_at=world.now, updated_at=world.now)
    session_orders.owe(account_ids=[cut.pk], why="Test", kind="disconnect", actor=None, now=world.now)


def cuts(world: World) -> tuple[list[str], list[str]]:
    """Which sessions were cut there, and what their orders say."""
    asked = {one["Acct-Session-Id"] for one in world.there.tower.cuts()}
    orders = SessionOrder.objects.filter(unique_id__startswith="cut001@isp.example/")
    return sorted(asked), sorted(orders.values_list("state", flat=True))


def their_turn_is_over(world: World) -> None:
    NasTurn.objects.update(busy_until=world.now)
    SessionOrder.objects.filter(state="owed").update(due_at=world.now)


def a_radio(world: World) -> None:
    radio = make_nas("Radio", "127.0.0.1", api_port=world.there.radio.port, api_user="herotill")
    radio.api_password = "radio"
    radio.save()
    make_session(account_of("SIG001"), radio, "radio-1", mac=MAC)


def lost_by_its_router(world: World) -> None:
    account_of("LOS001")
    began = int(world.now.timestamp()) - 3600
    Line(began, user="los001@isp.example", session="lost").send("interim", began + 300, 10, 100)


def others_are_heard(world: World) -> None:
    """RADIUS is there, so whoever is not heard of is gone."""
    now = int(datetime.now(world.now.tzinfo).timestamp())
    account("start", now, user="carol@isp.example", session="9")


# --- accounts, usage, calls -----------------------------------------------------------------------------


def to_be_changed_today(world: World) -> None:
    changes = account_of("PAC001")
    faster, then = make_package("20Mb/s"), world.now - timedelta(days=3)
    wish = package_changes.Wish(day=world.today, reason="Asked for more", package=faster)
    package_changes.schedule(accounts=[changes.pk], wish=wish, actor=None, now=then)
    ends = account_of("END001")
    given = {"accounts": [ends.pk], "last_day": world.today - timedelta(days=1), "reason": "Moves"}
    accounts.cancel(**given, actor=None, now=then)


def expired_and_up(world: World) -> None:
    gone = account_of("GON001", prepaid=True, expires_at=world.now - timedelta(hours=1))
    make_session(gone, make_nas("Far", "10.9.0.1"), "gone-1", started_at=world.now, updated_at=world.now)


def orders_of(code: str) -> list[str]:
    found = SessionOrder.objects.filter(unique_id__startswith=f"{code.lower()}@isp.example/")
    return list(found.values_list("why", flat=True))


def used(world: World) -> None:
    account_of("USE001")
    began = int(world.now.timestamp()) - 600
    line = Line(began, user="use001@isp.example", session="used")
    line.send("start", began)
    line.send("interim", began + 60, 10, 4000)
    line.send("stop", began + 120, 20, 9000)


def counted(world: World) -> int:
    found = UsageDay.objects.filter(account__username="use001@isp.example")
    return sum(found.values_list("download", flat=True))


def left_for_us(world: World) -> None:
    make_deck("sell", [("2782", "Mobile", "mobile", "1.20")])
    make_line(customer=make_customer("Cal Liddel", "CAL001"))
    CallDrop.objects.create(profile=make_profile(), name="Wholesaler", folder="in", files="*.csv")
    folder = world.folder / "drops" / "in"
    folder.mkdir(parents=True)
    (folder / "calls.csv").write_text(HEAD + "".join(ROW.format(world.today, one) for one in range(3)))
    os.utime(folder / "calls.csv", ((world.now - timedelta(hours=1)).timestamp(),) * 2)


def a_line_that_ends(world: World) -> None:
    make_line(
        "27870000009",
        customer=make_customer("Voi Liddel", "VOI001"),
        starts_on=world.today - timedelta(days=60),
        ends_on=world.today - timedelta(days=1),
    )


# --- programs that are told -----------------------------------------------------------------------------


def to_be_told(world: World) -> None:
    webhooks.add(
        name="Stock",
        url=f"{world.there.listener.url}/told",
        kinds=("ticket.opened",),
        actor=make_person("Thabo"),
        now=world.now - timedelta(minutes=1),
    )
    make_ticket(make_customer("Web Liddel", "WEB001"), "The radio")
    events.hand_out(world.now)


def told(world: World) -> tuple[int, list[str]]:
    """How many things were told, each known by its words, and what became of what was owed."""
    bodies = {body for _, _, body in world.there.listener.heard}
    return len(bodies), list(Delivery.objects.values_list("state", flat=True))


def held_no_longer(world: World) -> None:
    Delivery.objects.filter(state="owed").update(next_at=world.now)


STORIES = {
    "session-orders": Story(
        to_be_cut,
        cuts,
        (["cut-0", "cut-1", "cut-2"], ["done"] * 3),
        at="dataaccounts_sessionorder",
        passes=their_turn_is_over,
    ),
    "webhooks-send": Story(
        to_be_told,
        told,
        (1, ["told"]),
        at='UPDATE "api_delivery" SET "state"',
        before=True,
        passes=held_no_longer,
    ),
    "signal-poll": Story(
        a_radio,
        lambda world: list(
            SignalReading.objects.filter(account__customer__code="SIG001").values_list("dbm", flat=True)
        ),
        [-61],
    ),
    "package-changes": Story(
        to_be_changed_today,
        lambda world: (
            state_of("PAC001"),
            state_of("END001")[0],
            PackageChange.objects.filter(applied_at__isnull=False).count(),
            DataAccount.objects.get(customer__code="PAC001").spans.count(),
        ),
        (("active", "20Mb/s"), "cancelled", 1, 2),
    ),
    "allowances-watch": Story(expired_and_up, lambda world: len(orders_of("GON001")), 1),
    # Before usage is counted: whoever is counted is heard of.
    "sessions-heal": Story(
        lost_by_its_router,
        lambda world: list(
            Session.objects.filter(session_id="lost").values_list("terminate_cause", flat=True)
        ),
        ["Stale-Session"],
        comes=others_are_heard,
    ),
    "usage-import": Story(used, counted, 9000),
    "call-drops": Story(left_for_us, lambda world: (CallFile.objects.count(), Call.objects.count()), (1, 3)),
    "voice-lines-end": Story(
        a_line_that_ends, lambda world: VoiceLine.objects.get(number="27870000009").state, "cancelled"
    ),
    "pulse-network": heard("network"),
}
