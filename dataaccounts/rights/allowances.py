"""The rights about toppings, bundles, vouchers and usage notices."""

from __future__ import annotations

from herotill.users.grants import EVERYBODY, right

SELLS = ("manager", "accounts", "sales", "support")
TOPPINGS, NOTICES = "Profile: data toppings", "Profile: usage notification settings"

right("dataaccounts.view_topping", "see toppings and bundles", screen=TOPPINGS, to=EVERYBODY)
right("dataaccounts.add_topping", "add toppings that are charged", screen=TOPPINGS, to=SELLS)
right(
    "dataaccounts.give_topping", "give data free", screen=TOPPINGS, to=("manager", "support"), sensitive=True
)
right("dataaccounts.delete_topping", "take back what was given free", screen=TOPPINGS, to=("manager",))
right("dataaccounts.view_usagenotice", "see whom usage notices go to", screen=NOTICES, to=EVERYBODY)
right(
    "dataaccounts.change_usagenotice",
    "change whom usage notices go to",
    screen=NOTICES,
    to=("manager", "support", "sales"),
)

OFFERS = "Setup: toppings and bundles"
right("dataaccounts.view_toppingoffer", "see toppings and bundles we sell", screen=OFFERS, to=EVERYBODY)
right("dataaccounts.add_toppingoffer", "add toppings and bundles", screen=OFFERS, to=("manager",))
right("dataaccounts.change_toppingoffer", "change toppings and bundles", screen=OFFERS, to=("manager",))
right("dataaccounts.delete_toppingoffer", "delete toppings and bundles", screen=OFFERS, to=("manager",))

VOUCHERS = "Vouchers"
right("dataaccounts.view_voucherbatch", "see batches of vouchers", screen=VOUCHERS, to=(*SELLS, "auditor"))
right("dataaccounts.add_voucherbatch", "make vouchers", screen=VOUCHERS, to=("manager",))
right("dataaccounts.change_voucherbatch", "withdraw vouchers", screen=VOUCHERS, to=("manager",))
right("dataaccounts.print_vouchers", "print voucher codes", screen=VOUCHERS, to=("manager",), sensitive=True)
right("dataaccounts.redeem_voucher", "redeem vouchers for customers", screen=VOUCHERS, to=SELLS)
