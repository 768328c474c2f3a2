"""The rights about card payments: what each lets a person do, and who holds it."""

from __future__ import annotations

from billing.rights.documents import BOOKS, CHIEF, OFFICE
from herotill.users.grants import right

SCREEN, SETUP = "Card payments", "Setup: card gateways"

right("billing.view_cardattempt", "see card payments", screen=SCREEN, to=OFFICE)
right("billing.view_storedcard", "see which card a customer pays by", screen=SCREEN, to=OFFICE)
right(
    "billing.request_verification",
    "ask customers to verify a card or to pay by one",
    screen=SCREEN,
    to=OFFICE,
)
right("billing.remove_card", "remove a customer's stored card", screen=SCREEN, to=OFFICE)
right(
    "billing.settle_card_attempt",
    "confirm, refuse and reverse card payments that do not match",
    screen=SCREEN,
    to=BOOKS,
    money=True,
)
right("billing.view_cardnotice", "see what gateways told us", screen=SCREEN, to=BOOKS)
right("billing.view_cardgateway", "see the card gateways", screen=SETUP, to=BOOKS)
right(
    "billing.change_cardgateway",
    "ask for and approve changes of card gateways",
    screen=SETUP,
    to=CHIEF,
    money=True,
)
