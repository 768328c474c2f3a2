"""What customers add to the shell and to screens of others."""

from customers import (  # noqa: F401
    api,
    group_imports,
    headfacts,
    imports,
    lists,
    messages,
    moving,
    personal,
    portal_pages,
    rights,
    saying,
    searching,
    setup,
)
from customers.demo.messages import let_in
from customers.demo.parts import make_customers
from customers.portal import CustomersAtTheDoor
from customers.selectors.recipients import Contacts
from customers.views.picker import current
from herotill.demo import DemoPart, demo_parts
from herotill.menu import MenuEntry, Section, menu, setup_sections
from herotill.messages import recipients
from herotill.shell import Picker, pickers
from herotill.users import identities

identities.provide(CustomersAtTheDoor())
recipients.provide(Contacts())

setup_sections.register(Section("customers", "Customers", 400))
menu.register(MenuEntry("customers", "Customers", "customers:list", "customers.view_customer", "users", 20))
menu.register(
    MenuEntry(
        "customers.list",
        "List customers",
        "customers:list",
        "customers.view_customer",
        order=10,
        parent="customers",
    )
)
menu.register(
    MenuEntry(
        "customers.edit",
        "Edit customer",
        "customers:edit",
        "customers.view_customer",
        order=20,
        parent="customers",
    )
)
menu.register(
    MenuEntry(
        "setup.audit",
        "Audit trail",
        "customers:audit-everything",
        "house.see_audit",
        "document-magnifying-glass",
        830,
        parent="setup",
        about="Who changed what, when and from where.",
    )
)
pickers.register(Picker("customers", "customers:picker", "customers.view_customer", current))
menu.register(
    MenuEntry(
        "customers.import",
        "Import",
        "customers:import",
        "customers.import_customers",
        order=90,
        parent="customers",
    )
)
demo_parts.register(DemoPart("customers", make_customers, order=20))
demo_parts.register(DemoPart("messages", let_in, order=90))
