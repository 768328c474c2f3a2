"""The rights about data accounts, packages and their changes."""

from __future__ import annotations

from herotill.users.grants import EVERYBODY, right

RECORDS = ("manager", "accounts")
SELLS = ("manager", "accounts", "sales", "support", "technician")
WIRES = ("manager", "support", "technician")
SWITCHES = ("manager", "collections", "support", "technician")
CHIEF = ("manager",)

PROFILE, CHANGES = "Profile: data accounts", "Profile: package changes"
PACKAGES, SETUP = "Packages", "Setup: network"

right("dataaccounts.view_dataaccount", "see data accounts", screen=PROFILE, to=EVERYBODY)
right("dataaccounts.add_dataaccount", "add data accounts", screen=PROFILE, to=SELLS)
right("dataaccounts.activate_dataaccount", "activate data accounts", screen=PROFILE, to=WIRES)
right(
    "dataaccounts.change_dataaccount",
    "change data accounts and their passwords",
    screen=PROFILE,
    to=WIRES,
)
right("dataaccounts.suspend_dataaccount", "suspend and restore data accounts", screen=PROFILE, to=SWITCHES)
right("dataaccounts.cancel_dataaccount", "cancel data accounts", screen=PROFILE, to=RECORDS)
right("dataaccounts.add_accountprice", "give a data account a price of its own", screen=PROFILE, to=RECORDS)
right("dataaccounts.give_staff_package", "give packages for staff, which are free", screen=PROFILE, to=CHIEF)
right("dataaccounts.view_identitycheck", "see who checked identity and address", screen=PROFILE, to=EVERYBODY)
right(
    "dataaccounts.add_identitycheck",
    "note checks of identity and address",
    screen=PROFILE,
    to=SELLS,
)
right(
    "dataaccounts.export_dataaccounts",
    "export large lists of data accounts",
    screen=PROFILE,
    to=RECORDS,
    sensitive=True,
)

right("dataaccounts.view_packagechange", "see package changes", screen=CHANGES, to=EVERYBODY)
right(
    "dataaccounts.add_packagechange",
    "plan package changes and switch to prepaid and back",
    screen=CHANGES,
    to=("manager", "accounts", "sales", "support"),
)
right(
    "dataaccounts.delete_packagechange",
    "withdraw planned package changes",
    screen=CHANGES,
    to=("manager", "accounts", "sales", "support"),
)

right("dataaccounts.view_package", "see packages", screen=PACKAGES, to=EVERYBODY)
right("dataaccounts.add_package", "add packages", screen=PACKAGES, to=CHIEF)
right(
    "dataaccounts.change_package",
    "change packages, for everybody who has them, and retire them",
    screen=PACKAGES,
    to=CHIEF,
)
right("dataaccounts.delete_package", "delete packages that nothing uses", screen=PACKAGES, to=CHIEF)

right("dataaccounts.view_networkrules", "see how the network is run", screen=SETUP, to=CHIEF)
right("dataaccounts.change_networkrules", "change how the network is run", screen=SETUP, to=CHIEF)
