"""The rights about routers, makes and sectors."""

from __future__ import annotations

from herotill.users.grants import EVERYBODY, right

NETWORK = "Setup: network"
FIELD = ("manager", "technician")

right("dataaccounts.view_nas", "see routers (NAS) and their pages", screen=NETWORK, to=EVERYBODY)
right("dataaccounts.add_nas", "add routers", screen=NETWORK, to=FIELD)
right(
    "dataaccounts.change_nas",
    "change and retire routers, and see their secrets",
    screen=NETWORK,
    to=FIELD,
    sensitive=True,
)
right("dataaccounts.delete_nas", "delete routers that nothing uses", screen=NETWORK, to=("manager",))
right("dataaccounts.view_sector", "see sectors and their pages", screen=NETWORK, to=EVERYBODY)
right("dataaccounts.add_sector", "add sectors", screen=NETWORK, to=FIELD)
right("dataaccounts.change_sector", "change and retire sectors", screen=NETWORK, to=FIELD)
right("dataaccounts.delete_sector", "delete sectors that nothing uses", screen=NETWORK, to=("manager",))
right("dataaccounts.view_vendortemplate", "see makes of routers", screen=NETWORK, to=FIELD)
right("dataaccounts.add_vendortemplate", "add makes of routers", screen=NETWORK, to=("manager",))
right("dataaccounts.change_vendortemplate", "change what a make is told", screen=NETWORK, to=("manager",))
right("dataaccounts.delete_vendortemplate", "delete makes that nothing uses", screen=NETWORK, to=("manager",))
