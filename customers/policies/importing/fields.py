"""The fields that a column of a file can be mapped to.

`free_text` cells are those in which a text that looks like a formula is worth a warning (rule 2);
`multiline` ones keep their line breaks (rule 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an import: its name in a map, its name on the screen, how its cells are cleaned.

    `permission` is the right that the screen asks for the same value, beside that to change customers.
    """

    name: str
    label: str
    free_text: bool = False
    multiline: bool = False
    permission: str = ""


_ALL = (
    Field("code", "Customer code"),
    Field("company_name", "Company name", free_text=True),
    Field("person", "Surname, Names", free_text=True),
    Field("surname", "Surname", free_text=True),
    Field("names", "First names", free_text=True),
    Field("cell", "Cell number"),
    Field("telephone", "Telephone"),
    Field("emails", "E-mail addresses"),
    Field("identity", "ID, passport or registration number", permission="customers.change_id_numbers"),
    Field("vat_number", "VAT number"),
    Field("line1", "Physical address, line 1", free_text=True),
    Field("line2", "Physical address, line 2", free_text=True),
    Field("line3", "Physical address, line 3", free_text=True),
    Field("suburb", "Suburb", free_text=True),
    Field("town", "Town", free_text=True),
    Field("postal_code", "Postal code"),
    Field("postal_address", "Postal address", free_text=True, multiline=True),
    Field("category", "Category", free_text=True),
    Field("label", "Label", free_text=True),
    Field("debit_run", "Debit run (1, 15 or 25)"),
    Field("billing_group", "Billing group, by name"),
    Field("opened", "Customer since"),
    Field("status", "Status", permission="customers.change_customer_status"),
    Field("master", "Master account", permission="customers.change_master"),
    Field("note", "Note", free_text=True, multiline=True),
    Field("balance", "Opening balance", permission="customers.import_opening_balances"),
)
FIELDS: Mapping[str, Field] = {field.name: field for field in _ALL}
