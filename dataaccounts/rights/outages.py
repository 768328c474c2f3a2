"""The rights about outages and planned maintenance."""

from __future__ import annotations

from herotill.users.grants import EVERYBODY, right

OUTAGES = "Outages"
FIELD = ("manager", "support", "technician")

right("dataaccounts.view_outage", "see outages and who is affected", screen=OUTAGES, to=EVERYBODY)
right("dataaccounts.add_outage", "note outages and maintenance", screen=OUTAGES, to=FIELD)
right("dataaccounts.change_outage", "change and end outages", screen=OUTAGES, to=FIELD)
right("dataaccounts.tell_outage", "tell customers of outages", screen=OUTAGES, to=FIELD)
