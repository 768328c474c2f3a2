"""Presets: which heading of a file means which field. A person can make further ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from customers.policies.importing.cells import clean


def heading_key(heading: str) -> str:
    """A heading as it is compared: cleaned, case ignored."""
    return clean(heading).casefold()


@dataclass(frozen=True, slots=True)
class Preset:
    """A named mapping of headings to fields."""

    name: str
    fields: Mapping[str, str]

    def fits(self, headings: Iterable[str]) -> bool:
        """Whether a file with `headings` comes from where this preset does: it has all of them."""
        there = {heading_key(heading) for heading in headings}
        return all(heading_key(heading) in there for heading in self.fields)


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


def preset_for(headings: Iterable[str], presets: Iterable[Preset] = SHIPPED) -> Preset | None:
    """The first of `presets` that fits a file with `headings`."""
    headings = tuple(headings)
    return next((preset for preset in presets if preset.fits(headings)), None)
