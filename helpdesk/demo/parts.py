"""The helpdesk's part of the demo: the desk first, then a year of tickets."""

from __future__ import annotations

from helpdesk.demo.desk import make_desk
from helpdesk.demo.tickets import make_tickets
from herotill.demo import DemoPart, demo_parts

demo_parts.register(DemoPart("helpdesk", make_desk, order=86))
demo_parts.register(DemoPart("tickets", make_tickets, order=87))
