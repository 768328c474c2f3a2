"""The import of leads, as the wizard and `import_csv` know it."""

from __future__ import annotations

from django.urls import reverse

from herotill.imports.fields import Field, by_name
from herotill.imports.kinds import ImportKind, Need
from herotill.imports.presets import Preset
from herotill.imports.work import register
from workflow.policies.importing.leads import REPORT
from workflow.services.importing import leads as service

WORDS = {
    "blank_row": "A row without anything in it.",
    "wrong_columns": "It has more cells than there are headings.",
    "formula": "A cell held a formula, or looks like one. None is ever worked out.",
    "already_there": "A lead of this name with the same phone, email or place is there already; it stays as it is.",
    "no_name": "It has no name; a company needs its own.",
    "bad_kind": "The type is neither individual nor company.",
    "bad_phone": "A phone number cannot be one.",
    "bad_email": "The email address cannot be one.",
    "bad_coordinates": "The coordinates are no degrees, or only one is given.",
    "bad_date": "A day is none.",
    "bad_yes": "Whether they agreed to marketing is neither yes nor no.",
    "day_to_come": "The day since when it waits has not come yet.",
    "too_long": "A text is longer than can be kept.",
    "unknown_source": "There is no source of this name; add it in Setup first.",
    "unknown_area": "There is no area of this name; add it in Setup first.",
    "unknown_owner": "Nobody on the staff has this name or user name.",
    "unknown_step": "The list is none that a file may bring leads to: it goes up to To quote.",
    "like_lead": "A lead has the same phone number, email or address; look at both once they are in.",
    "held_back": "It misses something that its list asks for, and waits in the first one.",
    "like_customer": "A customer has the same phone number, email or address.",
}
NUMBERS = "customers.change_id_numbers"
SEES = "customers.see_id_numbers"
FIELDS = by_name(
    (
        Field("kind", "Type"),
        Field("company_name", "Company name", free_text=True),
        Field("first_names", "First names", free_text=True),
        Field("surname", "Surname", free_text=True),
        Field("contact_name", "Contact name", free_text=True),
        Field("phone", "Cell number"),
        Field("other_phone", "Other number"),
        Field("email", "Email"),
        Field("id_number", "ID or passport number", permission=NUMBERS, see=SEES, secret=True),
        Field("registration_number", "Registration number", permission=NUMBERS, see=SEES, secret=True),
        Field("vat_number", "VAT number"),
        Field("lines", "Street", free_text=True, multiline=True),
        Field("suburb", "Suburb", free_text=True),
        Field("town", "Town", free_text=True),
        Field("postal_code", "Postal code"),
        Field("directions", "Directions", free_text=True, multiline=True),
        Field("latitude", "Latitude"),
        Field("longitude", "Longitude"),
        Field("wants", "Wants", free_text=True, multiline=True),
        Field("source", "Source"),
        Field("area", "Area"),
        Field("owner", "Person", permission="workflow.assign_leads"),
        Field("next_action", "Next action", free_text=True),
        Field("next_action_on", "Next action on"),
        Field("marketing", "Agreed to marketing"),
        Field("step", "List", permission="workflow.move_lead"),
        Field("since", "Since"),
        Field("note", "Note", free_text=True, multiline=True, permission="workflow.add_leadnote"),
    )
)

lead_import = register(
    ImportKind(
        name="leads",
        title="Import leads",
        noun="lead",
        nouns="leads",
        permission="workflow.import_leads",
        roll_back_permission="workflow.import_leads",
        url_name="workflow:import-leads",
        fields=FIELDS,
        report=REPORT,
        words=WORDS,
        decide=service.decide,
        apply=service.apply,
        plan=service.plan,
        take_back=service.take_back,
        url_of=lambda code: reverse("workflow:lead", args=[code.removeprefix("L") or "0"]),
        presets=(Preset("HeroTill", {one.label: name for name, one in FIELDS.items()}),),
        needs=(Need("outcome", "create", "workflow.add_lead", "This captures leads, which you may not."),),
        menu_entry="workflow.import",
        order=90,
    )
)
