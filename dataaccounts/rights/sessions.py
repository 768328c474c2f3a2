"""The rights about sessions, log-ins and devices."""

from __future__ import annotations

from herotill.users.grants import EVERYBODY, right

HANDS = ("manager", "support", "technician")
SESSIONS, DEVICES = "Data accounts: sessions", "Profile: devices"

right("dataaccounts.view_session", "see who is online, and past sessions", screen=SESSIONS, to=EVERYBODY)
right("dataaccounts.cut_session", "disconnect sessions", screen=SESSIONS, to=HANDS)
right("dataaccounts.ping_session", "ping sessions and routers", screen=SESSIONS, to=HANDS)
right(
    "dataaccounts.export_sessions",
    "export large lists of sessions",
    screen=SESSIONS,
    to=("manager",),
    sensitive=True,
)
right("dataaccounts.view_loginanswer", "see log-ins and why they failed", screen=SESSIONS, to=EVERYBODY)
right("dataaccounts.view_sessionorder", "see what is owed to sessions", screen=SESSIONS, to=EVERYBODY)
right("dataaccounts.view_device", "see devices that log in", screen=DEVICES, to=EVERYBODY)
right("dataaccounts.add_device", "note devices before they log in", screen=DEVICES, to=HANDS)
right("dataaccounts.change_device", "authorise, block and name devices", screen=DEVICES, to=HANDS)
right("dataaccounts.delete_device", "forget devices", screen=DEVICES, to=HANDS)
