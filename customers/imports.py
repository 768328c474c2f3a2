"""The import of customers, as the wizard and `import_csv` know it."""

from __future__ import annotations

from django.urls import reverse

from customers.policies.importing.fields import FIELDS
from customers.policies.importing.preset import SHIPPED
from customers.policies.importing.report import COLUMNS
from customers.services import importing, rolling_back
from herotill.imports.kinds import ImportKind, Need, Sum
from herotill.imports.work import register

REASONS = {
    "blank_row": "A row without anything in it.",
    "totals_row": "A row of totals.",
    "wrong_columns": "It has more or fewer cells than there are headings.",
    "duplicate_row": "The very same record came before.",
    "bad_code": "The customer code is not 3 to 12 letters and digits.",
    "missing_name": "It has no name.",
    "too_long": "The name is longer than 200 characters.",
    "too_long_cell": "A number, category, colour tag, suburb or town is longer than 200 characters.",
    "duplicate_code": "The code belongs to a customer of another type or name.",
    "missing_contact": "The company has nobody to speak to.",
    "missing_phone": "It has no phone number.",
    "bad_phone": "Nothing in it can be a phone number.",
    "missing_email": "It has no email address.",
    "bad_email": "Nothing in it can be an email address.",
    "unknown_status": "The status is a word that is not known here.",
    "bad_amount": "The opening balance is no amount.",
    "master_cycle": "It would be its own master, directly or through others.",
    "master_refused": "Its master stands in the file and is refused.",
    "master_unknown": "There is no such master.",
}
WARNINGS = {
    "zero_added": "A lost zero has been put back in front.",
    "postal_code_invalid": "The postal code is not four digits; kept as it is.",
    "category_created": "A category that was not there is created.",
    "label_created": "A label that was not there is created.",
    "unknown_group": "The customer group is not known; the customer is in the one it was in, or in the usual one.",
    "unknown_run": "The debit run or billing group is not known; left empty.",
    "bad_date": "The date is none; left empty.",
    "status_assumed": "No status was given; taken as active.",
    "formula": "A cell held a formula, or looks like one. None is ever worked out.",
    "code_cleaned": "The code has been written without spaces, in capitals.",
    "code_generated": "It had no code and gets one.",
    "matched_by_name": "It had no code; the customer was found by name and email.",
    "excel_number": "A spreadsheet has cut off the digits of a number; left empty.",
    "phone_foreign": "The phone number is a foreign one.",
    "phone_dropped": "A part of the phone cell is no number and has been left out.",
    "phone_doubtful": "No network gives out such a phone number.",
    "phone_extra": "Further phone numbers went into a note.",
    "email_dropped": "A part of the email cell is no address and has been left out.",
    "id_invalid": "The ID or passport number does not check.",
    "reg_invalid": "The registration number does not check.",
    "vat_invalid": "The VAT number does not check.",
    "master_kept": "The master is another one; it stays as it is.",
    "balance_kept": "The opening balance is another one; it stays as it is.",
}

customers = register(
    ImportKind(
        name="customers",
        title="Import customers",
        noun="customer",
        nouns="customers",
        permission="customers.import_customers",
        roll_back_permission="customers.roll_back_import",
        url_name="customers:import",
        fields=FIELDS,
        report=COLUMNS[3:],
        words=REASONS | WARNINGS,
        decide=importing.decide,
        apply=importing.apply,
        plan=rolling_back.plan,
        take_back=rolling_back.take_back,
        url_of=lambda code: reverse("customers:profile", args=[code]),
        presets=SHIPPED,
        needs=(
            Need("outcome", "create", "customers.add_customer", "This creates customers, which you may not."),
            Need(
                "outcome", "update", "customers.change_customer", "This changes customers, which you may not."
            ),
            Need(
                "warning",
                "category_created",
                "customers.add_category",
                "The file brings new categories, and you may not add any. Leave the column out, or have them added first.",
            ),
            Need(
                "warning",
                "label_created",
                "customers.add_label",
                "The file brings new labels, and you may not add any. Leave the column out, or have them added first.",
            ),
        ),
        sum=Sum("Opening balances", "balance", "customers.see_customer_balance"),
        day_label="Opening balances as at",
        day_field="balance",
        private={"balance": "customers.see_customer_balance"},
        menu_entry="customers.import",
        order=10,
    )
)
