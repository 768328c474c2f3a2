"""What the slice of new customers adds: rights, gates before Active and the job cards, buttons of both lists' rows,
the card of a lead."""

from __future__ import annotations

from typing import Any

import workflow.rights.new_customers  # noqa: F401
from herotill.access import may
from herotill.demo import DemoPart, demo_parts
from herotill.users.models import User
from workflow.arrivals import Arrival, arrivals
from workflow.demo.new_customers import make_new_customers
from workflow.gates import Gate, gates
from workflow.lead_cards import LeadCard, lead_cards
from workflow.models import WITH_CUSTOMER, Lead, Place
from workflow.row_deeds import RowDeed, row_deeds
from workflow.selectors import customer_gates, offered
from workflow.services import new_customers

gates.register(
    Gate(
        "profile-created",
        "Profile created",
        customer_gates.without_profile,
        before=frozenset({Place.CUSTOMER_ACTIVE}),
        order=40,
    )
)
gates.register(
    Gate(
        "payment-method",
        "Payment method set",
        customer_gates.without_payment_method,
        before=frozenset({Place.JOB_NEW}),
        order=50,
    )
)
gates.register(
    Gate(
        "products",
        "Products set up",
        customer_gates.without_products,
        before=frozenset({Place.JOB_NEW}),
        order=51,
    )
)
gates.register(
    Gate("identity-checked", "Identity and address checked", customer_gates.without_identity_check, order=52)
)
gates.register(
    Gate("mandate-signed", "Mandate signed or card verified", customer_gates.without_mandate, order=53)
)


def _card(lead: Lead, user: User) -> dict[str, Any]:
    place = lead.place
    return {
        "taken": offered.taken(lead).values() if lead.customer_id else (),
        "may_create": place == Place.CUSTOMER_NEW and not lead.customer_id and may(user, CREATE),
        "may_set_up": place == Place.CUSTOMER_ACTIVE and may(user, TAKE),
        "may_link": lead.is_open and place not in WITH_CUSTOMER and may(user, LINK),
    }


CREATE, LINK, TAKE = "customers.add_customer", "workflow.link_customer", "workflow.take_over_products"
lead_cards.register(
    LeadCard(
        "customer", "Customer", "customers.view_customer", "workflow/customers/card.html", _card, order=60
    )
)
row_deeds.register(RowDeed(Place.CUSTOMER_NEW, "Create customer", "workflow:new-customer", CREATE))
row_deeds.register(RowDeed(Place.CUSTOMER_ACTIVE, "Set up", "workflow:active-customer", TAKE))
arrivals.register(Arrival(Place.CUSTOMER_NEW, new_customers.arrive, name="customer-known"))
demo_parts.register(DemoPart("new customers", make_new_customers, order=74))
