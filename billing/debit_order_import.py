"""The import of payment methods, debit-order accounts and mandates, as the wizard and `import_csv` know it."""

from __future__ import annotations

from django.urls import reverse

from billing.services.importing import debit_orders as service
from herotill.imports.fields import Field, by_name
from herotill.imports.kinds import ImportKind, Need
from herotill.imports.presets import Preset
from herotill.imports.work import register

ACCOUNT, MANDATE = "billing.add_debitdetail", "billing.add_mandate"
METHOD = "billing.change_billingprofile"
WORDS = {
    "blank_row": "A row without anything in it.",
    "wrong_columns": "It has more cells than there are headings.",
    "formula": "A cell held a formula, or looks like one. None is ever worked out.",
    "already_there": "The customer has debit-order details already; they stay as they are.",
    "customer_unknown": "There is no customer with this code.",
    "no_code": "It has no customer code.",
    "too_long": "A text is longer than can be kept.",
    "bank_unknown": "The bank is none of Setup, Banks of customers, or could be several.",
    "bad_branch": "The branch code is not six digits.",
    "branch_doubtful": "The branch code is not known as one of this bank.",
    "no_number": "It has no account number.",
    "bad_number": "The account number is not digits alone.",
    "number_fails": "The account number fails its bank's rule.",
    "bad_account_type": "The account type is none of current, savings and transmission.",
    "bad_day": "The debit order day is not 1 to 31.",
    "bad_date": "The day of signing is none.",
    "day_to_come": "The day of signing has not come yet.",
    "reference_taken": "Another mandate has this reference.",
    "has_a_method": "The customer has a payment method already; it stays.",
    "bad_method": "The payment method is none of debit order, EFT, credit card and cash.",
    "no_mandate": "It does not say when the mandate was signed, so none comes with it.",
    "pays_otherwise": "The customer pays otherwise, and goes on to.",
}
FIELDS = by_name(
    (
        Field("code", "Customer code"),
        Field("method", "Payment method", permission=METHOD),
        Field("bank", "Bank name", permission=ACCOUNT),
        Field("branch_code", "Branch code", permission=ACCOUNT),
        Field("branch_name", "Branch name", permission=ACCOUNT, free_text=True),
        Field("holder", "Account holder", permission=ACCOUNT, free_text=True),
        Field("account_type", "Account type", permission=ACCOUNT),
        Field(
            "number", "Account number", permission=ACCOUNT, see="billing.reveal_account_number", secret=True
        ),
        Field("debit_day", "Debit order day", permission=ACCOUNT),
        Field("reference", "Mandate reference", permission=MANDATE),
        Field("signed_on", "Mandate signed on", permission=MANDATE),
    )
)
OWN = Preset("HeroTill", {field.label: name for name, field in FIELDS.items()})
SCREEN = Preset(
    "Customer screen",
    {
        "Account Code": "code",
        "Bank Name": "bank",
        "Branch Code": "branch_code",
        "Branch Name": "branch_name",
        "Account Name": "holder",
        "Account Type": "account_type",
        "Account Number": "number",
        "Debit Order Day": "debit_day",
    },
)


def _customer(code: str) -> str:
    return reverse("customers:profile", args=[code])


debit_orders = register(
    ImportKind(
        name="debit-orders",
        title="Import payment methods and debit orders",
        noun="payment method",
        nouns="payment methods",
        permission="billing.import_debit_orders",
        roll_back_permission="customers.roll_back_import",
        url_name="billing:import-debit-orders",
        fields=FIELDS,
        report=service.REPORT,
        words=WORDS,
        decide=service.decide,
        apply=service.apply,
        plan=service.plan,
        take_back=service.take_back,
        url_of=_customer,
        presets=(OWN, SCREEN),
        needs=(Need("outcome", "create", METHOD, "This says how customers pay, which you may not."),),
        menu_entry="billing.import",
        order=70,
    )
)
