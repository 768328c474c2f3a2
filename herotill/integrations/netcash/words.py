"""What Netcash's codes mean, in words for a person."""

from __future__ import annotations

FAILED = "200"
CODES = {
    "100": "Netcash does not accept the service key.",
    "101": "Netcash does not accept the date.",
    "102": "Netcash does not accept what it was asked.",
    "200": "Netcash met an error.",
    "311": "The service key is not one for this service.",
}
AUTHORISING = {
    "320": "Netcash does not find the batch.",
    "321": "Netcash lets no batch be authorised from here; authorise it in Netcash's portal.",
    "322": "Automatic authorisation is not switched on at Netcash; authorise the batch in its portal.",
    "323": "Netcash says that there is not enough money for this batch.",
}
CHECKS = {
    "1": "Netcash does not know the branch code.",
    "2": "The account number fails its bank's check digits.",
    "3": "The account type is none of this bank's.",
    "4": "The account's details are not as they should be.",
}


def word(code: str) -> str:
    """A code as a sentence, with the code for whoever calls Netcash."""
    return f"{CODES[code]} ({code})"
