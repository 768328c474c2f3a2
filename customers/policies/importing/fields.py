"""The fields of a customer to which a column of a file can be mapped."""

from __future__ import annotations

from herotill.imports.fields import Field, by_name

_ALL = (
    Field("code", "Customer code"),
    Field("company_name", "Company name", free_text=True),
    Field("person", "Surname, Names", free_text=True),
    Field("surname", "Surname", free_text=True),
    Field("names", "First names", free_text=True),
    Field("cell", "Cell number", permission="customers.change_contact"),
    Field("telephone", "Telephone", permission="customers.change_contact"),
    Field("emails", "E-mail addresses", permission="customers.change_contact"),
    Field(
        "identity",
        "ID, passport or registration number",
        permission="customers.change_id_numbers",
        see="customers.see_id_numbers",
    ),
    Field("vat_number", "VAT number"),
    Field("line1", "Physical address, line 1", free_text=True, permission="customers.change_address"),
    Field("line2", "Physical address, line 2", free_text=True, permission="customers.change_address"),
    Field("line3", "Physical address, line 3", free_text=True, permission="customers.change_address"),
    Field("suburb", "Suburb", free_text=True, permission="customers.change_address"),
    Field("town", "Town", free_text=True, permission="customers.change_address"),
    Field("postal_code", "Postal code", permission="customers.change_address"),
    Field(
        "postal_address",
        "Postal address",
        free_text=True,
        multiline=True,
        permission="customers.change_address",
    ),
    Field("category", "Category", free_text=True),
    Field("label", "Label", free_text=True),
    Field("group", "Customer group, by name"),
    Field("debit_run", "Debit run (1, 15 or 25)"),
    Field("billing_group", "Billing group, by name"),
    Field("opened", "Customer since"),
    Field("status", "Status", permission="customers.change_customer_status"),
    Field("master", "Master account", permission="customers.change_master"),
    Field("note", "Note", free_text=True, multiline=True, permission="customers.add_customernote"),
    Field(
        "balance",
        "Opening balance",
        permission="customers.import_opening_balances",
        see="customers.see_customer_balance",
    ),
)
FIELDS = by_name(_ALL)
