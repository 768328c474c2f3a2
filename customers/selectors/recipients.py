"""Who at a customer gets messages for a purpose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from customers.models import Contact

ADDRESS = {"email": "email", "sms": "phone"}


class Contacts:
    """The recipients that the outbox asks for: contacts by purpose, the primary one first."""

    def addresses(
        self, channel: str, wanted: Collection[tuple[int, str]]
    ) -> Mapping[tuple[int, str], list[str]]:
        """Email addresses, or cell numbers in E.164, by customer and purpose."""
        field = ADDRESS[channel]
        holding = Contact.objects.filter(customer_id__in={customer for customer, _ in wanted})
        rows = holding.exclude(**{field: ""}).order_by("-is_primary", "id")
        found: dict[tuple[int, str], list[str]] = defaultdict(list)
        for customer, purposes, address in rows.values_list("customer_id", "purposes", field):
            for purpose in purposes:
                found[customer, purpose].append(address)
        return {key: found[key] for key in wanted}
