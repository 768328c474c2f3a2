"""The rights about what a customer is billed every month, contracts, deposits and price notices."""

from __future__ import annotations

from herotill.users.grants import EVERYBODY, right

RECORDS = ("manager", "accounts")
DESK = ("manager", "accounts", "sales")
OFFICE = ("manager", "accounts", "collections", "sales", "support")

DETAILS, RECURRING = "Profile: billing details", "Profile: recurring billing"
CONTRACTS, NOTICES = "Profile: rental contracts", "Price notices"

right("billing.view_billingprofile", "see billing details", screen=DETAILS, to=EVERYBODY)
right("billing.change_billingprofile", "change billing details", screen=DETAILS, to=RECORDS)
right("billing.add_subaccountmode", "change whom a sub-account's bills go to", screen=DETAILS, to=RECORDS)

right("billing.view_recurringitem", "see what is billed every month", screen=RECURRING, to=OFFICE)
right("billing.add_recurringitem", "add recurring items", screen=RECURRING, to=DESK)
right("billing.change_recurringitem", "change recurring items", screen=RECURRING, to=RECORDS)
right(
    "billing.delete_recurringitem", "end items, and delete those never billed", screen=RECURRING, to=RECORDS
)
right("billing.add_itemprice", "give an item a price of its own", screen=RECURRING, to=RECORDS)
right("billing.add_hold", "hold the billing of items and customers", screen=RECURRING, to=RECORDS)
right("billing.delete_hold", "withdraw holds", screen=RECURRING, to=RECORDS)
right("billing.add_waiver", "leave a month of an item unbilled", screen=RECURRING, to=("manager",))
right("billing.add_line", "generate a customer's charges", screen=RECURRING, to=RECORDS)
right("billing.delete_line", "clear a customer's charges that wait", screen=RECURRING, to=RECORDS)

right("billing.view_rentalcontract", "see rental contracts", screen=CONTRACTS, to=OFFICE)
right("billing.add_rentalcontract", "add rental contracts", screen=CONTRACTS, to=DESK)
right("billing.change_rentalcontract", "change rental contracts", screen=CONTRACTS, to=RECORDS)
right("billing.delete_rentalcontract", "delete rental contracts", screen=CONTRACTS, to=("manager",))
right("billing.end_rentalcontract", "end contracts early", screen=CONTRACTS, to=RECORDS)
right("billing.view_depositentry", "see deposits held", screen=CONTRACTS, to=OFFICE)
right("billing.take_deposit", "note deposits received", screen=CONTRACTS, to=RECORDS)
right(
    "billing.settle_deposit", "apply, forfeit and pay back deposits", screen=CONTRACTS, to=RECORDS, money=True
)
right(
    "billing.approve_deposit_refund",
    "approve that a deposit is paid back",
    screen=CONTRACTS,
    to=("manager",),
    money=True,
)

right("billing.view_pricenotice", "see price rises and who was told", screen=NOTICES, to=OFFICE)
right("billing.send_price_notices", "announce price rises to customers", screen=NOTICES, to=("manager",))
