"""What customers add to the shell and to screens of others."""

from customers import headfacts, lists, rights  # noqa: F401
from customers.demo.parts import make_customers
from customers.portal import CustomersAtTheDoor
from herotill.demo import DemoPart, demo_parts
from herotill.menu import MenuEntry, menu
from herotill.users import portal

portal.provide(CustomersAtTheDoor())

menu.register(MenuEntry("customers", "Customers", "customers:list", "customers.view_customer", "users", 20))
menu.register(
    MenuEntry("customers.list", "List customers", "customers:list", "customers.view_customer", order=10, parent="customers")
)
menu.register(
    MenuEntry("customers.edit", "Edit customer", "customers:edit", "customers.view_customer", order=20, parent="customers")
)
demo_parts.register(DemoPart("customers", make_customers, order=20))
