"""Numbers that do not check: nobody is refused for one, but they can be found and put right.

The database function `customers_doubts` (migration customers.0007) says the same of every row; a test holds
the two together.
"""

from __future__ import annotations

from customers.policies.numbers import (
    is_identity_number,
    is_passport_number,
    is_registration_number,
    is_vat_number,
)
from customers.policies.phones import Number

ID, REGISTRATION, VAT, PHONE = "id_invalid", "reg_invalid", "vat_invalid", "phone_doubtful"


def doubts(*, id_number: str, registration_number: str, vat_number: str, phone: str) -> list[str]:
    """What does not check among a customer's numbers, blanks in them ignored. `phone` is E.164 or empty."""
    identity, registration, vat = (
        number.replace(" ", "") for number in (id_number, registration_number, vat_number)
    )
    found = {
        ID: identity and not (is_identity_number(identity) or is_passport_number(identity)),
        REGISTRATION: registration
        and not (is_registration_number(registration) or is_identity_number(registration)),
        VAT: vat and not is_vat_number(vat),
        PHONE: phone.startswith("+27") and Number(phone).doubtful,
    }
    return [name for name, doubtful in found.items() if doubtful]
