"""What customers add to the shell and to screens of others."""

from customers import headfacts, lists, rights  # noqa: F401
from customers.portal import CustomersAtTheDoor
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
