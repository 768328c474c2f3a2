"""The rights about voice lines, their price lists, and the calls."""

from __future__ import annotations

from herotill.users.grants import EVERYBODY, right

RECORDS = ("manager", "accounts")
SELLS = ("manager", "accounts", "sales", "support", "technician")
WIRES = ("manager", "support", "technician")
CHIEF = ("manager",)
PROFILE, CALLS, SETUP = "Profile: voice lines", "Calls", "Setup: voice"

right("dataaccounts.view_voiceline", "see voice lines", screen=PROFILE, to=EVERYBODY)
right("dataaccounts.add_voiceline", "add voice lines", screen=PROFILE, to=SELLS)
right("dataaccounts.change_voiceline", "change voice lines", screen=PROFILE, to=SELLS)
right("dataaccounts.activate_voiceline", "activate voice lines", screen=PROFILE, to=WIRES)
right(
    "dataaccounts.suspend_voiceline",
    "suspend and restore voice lines",
    screen=PROFILE,
    to=("manager", "collections", "support", "technician"),
)
right("dataaccounts.view_voicebundle", "see free minutes of voice lines", screen=PROFILE, to=EVERYBODY)
right("dataaccounts.change_voicebundle", "give voice lines free minutes", screen=PROFILE, to=RECORDS)
right("dataaccounts.cancel_voiceline", "cancel voice lines", screen=PROFILE, to=RECORDS)

right("dataaccounts.view_call", "see calls and what they cost", screen=CALLS, to=(*RECORDS, "support"))
right(
    "dataaccounts.see_call_numbers",
    "see the whole numbers customers called",
    screen=CALLS,
    to=CHIEF,
    sensitive=True,
)
right("dataaccounts.export_calls", "export large lists of calls", screen=CALLS, to=RECORDS, sensitive=True)
right("dataaccounts.see_call_reports", "see reports of calls", screen=CALLS, to=RECORDS)
right("dataaccounts.view_callfile", "see files of calls", screen=CALLS, to=(*RECORDS, "technician"))
right("dataaccounts.add_callfile", "take in files of calls", screen=CALLS, to=(*RECORDS, "technician"))
right("dataaccounts.take_back_callfile", "take files of calls back", screen=CALLS, to=RECORDS, money=True)
right("dataaccounts.change_voicecaller", "say which line called", screen=CALLS, to=(*RECORDS, "technician"))

for _model, _noun in (
    ("voicesource", "sources of calls"),
    ("callprofile", "formats of call records"),
    ("voicepackage", "voice packages"),
    ("deck", "rate decks and price lists"),
):
    right(f"dataaccounts.view_{_model}", f"see {_noun}", screen=SETUP, to=RECORDS)
    right(f"dataaccounts.add_{_model}", f"add {_noun}", screen=SETUP, to=CHIEF)
    right(f"dataaccounts.change_{_model}", f"change {_noun}", screen=SETUP, to=CHIEF)
