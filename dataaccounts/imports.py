"""The imports of packages, data accounts and old user names, as the wizard and `import_csv` know them."""

from __future__ import annotations

from django.urls import reverse

from dataaccounts.services.importing import accounts, links, packages
from herotill.imports.fields import Field, by_name
from herotill.imports.kinds import ImportKind, Need
from herotill.imports.presets import Preset
from herotill.imports.work import register

IMPORT = "dataaccounts.import_dataaccounts"
ROLL_BACK = "customers.roll_back_import"
PASSWORDS = "dataaccounts.change_dataaccount"

WORDS = {
    "blank_row": "A row without anything in it.",
    "wrong_columns": "It has more cells than there are headings.",
    "formula": "A cell held a formula, or looks like one. None is ever worked out.",
    "already_there": "It is there already; it stays as it is.",
    "too_long": "A text is longer than can be kept.",
    "no_code": "It has no customer code.",
    "customer_unknown": "There is no customer with this code.",
    "no_name": "It has no name.",
    "name_twice": "The file has this package further up.",
    "no_product": "It has no product; only a package for staff needs none.",
    "product_unknown": "There is no product with this code.",
    "no_speed": "It has no speed for download or upload.",
    "bad_speed": "A speed is none. Write 10 Mb/s, 10M or 10240, which is kbit/s.",
    "bad_allowance": "The allowance is none. Write 20 GB or 500 MB.",
    "bad_when_capped": "What happens once capped is none of reduce, block and go on.",
    "no_once_capped": "It has an allowance, and does not say what happens once it is used up.",
    "once_capped_unknown": "Its service once capped is neither there nor further up in the file.",
    "bad_pool": "A pool has letters, figures and . _ - only.",
    "bad_sessions": "Sessions at the same time are 1 to 100.",
    "bad_staff": "Whether it is for staff is neither yes nor no.",
    "bad_mac_lock": "Whether it takes known devices only is neither yes nor no.",
    "no_username": "It has no user name.",
    "bad_username": "RADIUS takes small letters, figures and . _ @ - only, up to 64.",
    "username_twice": "The file has this user name further up.",
    "username_taken": "Another customer has this user name.",
    "no_package": "It has no package.",
    "package_unknown": "There is no package of this name.",
    "package_retired": "The package is no longer sold.",
    "bad_password": "RADIUS cannot take this password.",
    "password_made": "It had no password and gets one.",
    "bad_amount": "The price is none.",
    "address_unknown": "The customer has no such address; left empty.",
    "highsite_unknown": "There is no highsite of this name.",
    "sector_unknown": "There is no sector of this name there, or more than one.",
    "bad_prepaid": "Whether it is prepaid is neither yes nor no.",
    "expires_but_monthly": "A monthly account does not expire.",
    "bad_ip": "The fixed IP address is none.",
    "ip_taken": "Another account has this fixed IP address.",
    "bad_date": "A date is none.",
    "no_day": "It does not say from which day.",
    "unknown_state": "The state is none of waiting, active and suspended.",
    "not_checked": "Identity and address of the customer are not checked yet; let it wait.",
    "no_account": "The customer has no data account.",
    "account_unknown": "The customer has no account of this user name.",
    "which_account": "The customer has several accounts; say which.",
}

PACKAGE = by_name(
    (
        Field("name", "Package", free_text=True),
        Field("product", "Product code"),
        Field("down", "Download speed"),
        Field("up", "Upload speed"),
        Field("burst_down", "Download in a burst"),
        Field("burst_up", "Upload in a burst"),
        Field("allowance", "Allowance a month"),
        Field("when_capped", "When it is used up"),
        Field("once_capped", "Service once capped", free_text=True),
        Field("pool", "IP pool"),
        Field("sessions", "Sessions at the same time"),
        Field("mac_lock", "Only known devices"),
        Field("staff", "For staff"),
    )
)
ACCOUNT = by_name(
    (
        Field("username", "User name"),
        Field("package", "Package", free_text=True),
        Field("code", "Customer code"),
        Field("password", "Password", permission=PASSWORDS, see=PASSWORDS, secret=True),
        Field("price", "Custom price", permission="dataaccounts.add_accountprice"),
        Field("address", "Address", free_text=True),
        Field("highsite", "Highsite", free_text=True),
        Field("sector", "Sector", free_text=True),
        Field("prepaid", "Prepaid"),
        Field("expires", "Last day of prepaid"),
        Field("static_ip", "Fixed IP address"),
        Field("state", "State", permission="dataaccounts.activate_dataaccount"),
        Field("text", "Note", free_text=True),
        Field("starts", "First day"),
        Field("bill_from", "Billed here from"),
    )
)
LINK = by_name(
    (
        Field("code", "Customer code"),
        Field("username", "Reported user name"),
        Field("account", "Our user name"),
    )
)


def _need(permission: str, sentence: str) -> tuple[Need, ...]:
    return (Need("outcome", "create", permission, sentence),)


def _headings(fields: dict[str, Field]) -> Preset:
    return Preset("HeroTill", {field.label: name for name, field in fields.items()})


package_import = register(
    ImportKind(
        name="packages",
        title="Import packages",
        noun="package",
        nouns="packages",
        permission=IMPORT,
        roll_back_permission=ROLL_BACK,
        url_name="dataaccounts:import-packages",
        fields=PACKAGE,
        report=packages.REPORT,
        words=WORDS,
        decide=packages.decide,
        apply=packages.apply,
        plan=packages.plan,
        take_back=packages.take_back,
        url_of=lambda code: reverse("dataaccounts:packages"),
        presets=(_headings(dict(PACKAGE)),),
        needs=_need("dataaccounts.add_package", "This adds packages, which you may not."),
        menu_entry="dataaccounts.import",
        order=70,
    )
)
account_import = register(
    ImportKind(
        name="data-accounts",
        title="Import data accounts",
        noun="data account",
        nouns="data accounts",
        permission=IMPORT,
        roll_back_permission=ROLL_BACK,
        url_name="dataaccounts:import-data-accounts",
        fields=ACCOUNT,
        report=accounts.REPORT,
        words=WORDS,
        decide=accounts.decide,
        apply=accounts.apply,
        plan=accounts.plan,
        take_back=accounts.take_back,
        url_of=lambda code: reverse("customers:profile", args=[code]),
        presets=(_headings(dict(ACCOUNT)),),
        needs=_need("dataaccounts.add_dataaccount", "This adds data accounts, which you may not."),
        day_label="Accounts without a first day begin on",
        day_field="username",
        menu_entry="dataaccounts.import",
        order=80,
    )
)
link_import = register(
    ImportKind(
        name="links",
        title="Import old user names",
        noun="old user name",
        nouns="old user names",
        permission=IMPORT,
        roll_back_permission=ROLL_BACK,
        url_name="dataaccounts:import-links",
        fields=LINK,
        report=links.REPORT,
        words=WORDS,
        decide=links.decide,
        apply=links.apply,
        plan=links.plan,
        take_back=links.take_back,
        url_of=lambda code: reverse("customers:profile", args=[code]),
        presets=(_headings(dict(LINK)),),
        needs=_need(
            "dataaccounts.add_usagename", "This gives accounts what other names used, which you may not."
        ),
        menu_entry="dataaccounts.import",
        order=90,
    )
)

ALL = (package_import, account_import, link_import)
