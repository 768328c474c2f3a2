"""The rights about customers: what each lets a person do, and which roles hold it from the start."""

from __future__ import annotations

from herotill.users.grants import EVERYBODY, right

OFFICE = ("manager", "accounts", "collections", "sales", "support")
DESK = ("manager", "accounts", "sales", "support")
FIELD = ("manager", "support", "technician")
RECORDS = ("manager", "accounts")
CHIEF = ("manager",)

LIST, DETAILS, CONTACTS = "List of customers", "Profile: account details", "Profile: contacts"
ADDRESSES, FILES, NOTES = "Profile: additional addresses", "Profile: attachments", "Profile: customer notes"
ASSETS, TRAIL, IMPORT = "Profile: asset register", "Profile: audit trail", "Import and export"
SETUP, PORTAL = "Setup: groups, categories and labels", "Portal"

right("customers.view_customer", "see customers", screen=LIST, to=EVERYBODY)
right("customers.add_customer", "create customers", screen=LIST, to=("manager", "accounts", "sales"))
right("customers.see_customer_balance", "see balances", screen=LIST, to=OFFICE, sensitive=True)
right("customers.label_customers", "put labels on many customers at once", screen=LIST, to=OFFICE)
right("customers.group_customers", "move many customers to another group at once", screen=LIST, to=RECORDS)
right("customers.export_customers", "export large lists", screen=LIST, to=RECORDS, sensitive=True)

right("customers.change_customer", "change account details", screen=DETAILS, to=DESK)
right(
    "customers.change_customer_status",
    "change a customer's status",
    screen=DETAILS,
    to=("manager", "collections"),
)
right("customers.change_master", "make sub-accounts, masters and resellers", screen=DETAILS, to=RECORDS)
right("customers.verify_customer", "mark details as verified", screen=DETAILS, to=RECORDS)
right(
    "customers.see_id_numbers",
    "see ID, passport and registration numbers",
    screen=DETAILS,
    to=("manager", "accounts", "collections"),
    sensitive=True,
)
right(
    "customers.change_id_numbers",
    "change ID, passport and registration numbers",
    screen=DETAILS,
    to=RECORDS,
    sensitive=True,
)
right("customers.delete_customer", "delete customers", screen=DETAILS)

right("customers.view_contact", "see contacts", screen=CONTACTS, to=EVERYBODY)
right("customers.add_contact", "add contacts", screen=CONTACTS, to=OFFICE)
right("customers.change_contact", "change contacts and what they get", screen=CONTACTS, to=OFFICE)
right("customers.delete_contact", "remove contacts", screen=CONTACTS, to=DESK)

right("customers.view_address", "see addresses", screen=ADDRESSES, to=EVERYBODY)
right("customers.add_address", "add addresses", screen=ADDRESSES, to=(*DESK, "technician"))
right("customers.change_address", "change addresses", screen=ADDRESSES, to=(*DESK, "technician"))
right("customers.delete_address", "remove addresses", screen=ADDRESSES, to=DESK)

right("customers.view_attachment", "see and download attachments", screen=FILES, to=EVERYBODY, sensitive=True)
right("customers.add_attachment", "attach files", screen=FILES, to=EVERYBODY)
right("customers.change_attachment", "change what an attachment is called", screen=FILES, to=DESK)
right("customers.delete_attachment", "delete attachments", screen=FILES, to=CHIEF)

right("customers.view_customernote", "read notes", screen=NOTES, to=EVERYBODY)
right("customers.add_customernote", "write notes", screen=NOTES, to=EVERYBODY)
right("customers.change_customernote", "change notes", screen=NOTES, to=CHIEF)
right("customers.delete_customernote", "delete notes", screen=NOTES, to=CHIEF)

right("customers.view_asset", "see equipment", screen=ASSETS, to=EVERYBODY)
right("customers.add_asset", "add equipment", screen=ASSETS, to=FIELD)
right("customers.change_asset", "change equipment and note its return", screen=ASSETS, to=FIELD)
right("customers.delete_asset", "delete equipment", screen=ASSETS, to=CHIEF)

right("customers.see_audit_trail", "see who changed what", screen=TRAIL, to=OFFICE)

right("customers.manage_portal_login", "send portal links and end portal log-ins", screen=PORTAL, to=DESK)
right(
    "customers.look_at_portal",
    "look at the portal as a customer",
    screen=PORTAL,
    to=("manager", "support"),
    sensitive=True,
)
right("customers.ask_details_check", "ask customers to check their details", screen=PORTAL, to=OFFICE)
right("customers.answer_forget_wish", "answer customers who ask to be forgotten", screen=PORTAL, to=RECORDS)

right("customers.import_customers", "import customers", screen=IMPORT, to=RECORDS)
right("customers.import_opening_balances", "import opening balances", screen=IMPORT, to=RECORDS, money=True)
right("customers.roll_back_import", "roll back an import", screen=IMPORT, to=CHIEF, money=True)

for kind, words, holders in (
    ("customergroup", "customer groups", CHIEF),
    ("billinggroup", "billing groups", RECORDS),
    ("category", "categories", CHIEF),
    ("label", "labels", ("manager", "support")),
):
    right(f"customers.view_{kind}", f"see {words}", screen=SETUP, to=EVERYBODY)
    right(f"customers.add_{kind}", f"add {words}", screen=SETUP, to=holders)
    right(f"customers.change_{kind}", f"change {words}", screen=SETUP, to=holders)
    right(f"customers.delete_{kind}", f"delete {words}", screen=SETUP, to=holders)
