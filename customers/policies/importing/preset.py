"""The mappings that are shipped."""

from __future__ import annotations

from herotill.imports.presets import Preset

BACK_OFFICE = Preset(
    "Back office with Cust No",
    {
        "Cust No": "code",
        "Trading As": "company_name",
        "Surname, Names": "person",
        "Cell": "cell",
        "Tel (W)": "telephone",
        "E-Mail": "emails",
        "ID/Reg No": "identity",
        "VAT Reg": "vat_number",
        "Physical Addr 1": "line1",
        "Physical Addr 2": "line2",
        "Physical Addr 3": "line3",
        "Suburb": "suburb",
        "Town": "town",
        "Postal Code": "postal_code",
        "Postal Addr": "postal_address",
        "Cat": "category",
        "Debit Run": "debit_run",
        "Opened": "opened",
        "Status": "status",
        "Parent": "master",
        "Notes": "note",
        "Colour tag": "label",
        "Balance b/f": "balance",
    },
)
SHIPPED: tuple[Preset, ...] = (BACK_OFFICE,)
