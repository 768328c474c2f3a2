"""The rights about drops for call records, and what lines may spend."""

from __future__ import annotations

from herotill.users.grants import right

RECORDS, CHIEF = ("manager", "accounts"), ("manager",)
SETUP, CALLS = "Setup: voice", "Calls"

right("dataaccounts.view_calldrop", "see drops for call records", screen=SETUP, to=(*RECORDS, "technician"))
right("dataaccounts.add_calldrop", "add drops for call records", screen=SETUP, to=CHIEF)
right(
    "dataaccounts.change_calldrop",
    "change drops for call records and their passwords",
    screen=SETUP,
    to=CHIEF,
    sensitive=True,
)
right("dataaccounts.delete_calldrop", "delete drops for call records", screen=SETUP, to=CHIEF)
right("dataaccounts.view_spendlimit", "see what lines may spend", screen=SETUP, to=RECORDS)
right("dataaccounts.add_spendlimit", "set what lines may spend", screen=SETUP, to=CHIEF)
right("dataaccounts.change_spendlimit", "change what lines may spend", screen=SETUP, to=CHIEF)
right("dataaccounts.delete_spendlimit", "delete what lines may spend", screen=SETUP, to=CHIEF)
right(
    "dataaccounts.view_spendalarm", "see spend alarms", screen=CALLS, to=(*RECORDS, "support", "technician")
)
right("dataaccounts.change_spendalarm", "mark spend alarms as seen", screen=CALLS, to=RECORDS)
for _model, _noun in (
    ("voicesource", "sources of calls that nothing uses"),
    ("callprofile", "formats of call records that nothing uses"),
    ("voicepackage", "voice packages that no line has"),
    ("deck", "rate decks that nothing uses"),
):
    right(f"dataaccounts.delete_{_model}", f"delete {_noun}", screen=SETUP, to=CHIEF)
