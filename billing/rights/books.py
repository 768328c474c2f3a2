"""The rights about what goes to the books kept elsewhere."""

from __future__ import annotations

from billing.rights.documents import BOOKS, CHIEF, OFFICE
from herotill.users.grants import right

SCREEN, SETUP = "SageOne: documents and customers", "Setup: SageOne"

right("billing.view_bookscustomer", "see SageOne IDs and how syncing went", screen=SCREEN, to=OFFICE)
right("billing.change_bookscustomer", "change SageOne IDs", screen=SCREEN, money=True)
right("billing.view_booksowed", "see what waits for SageOne and what it refused", screen=SCREEN, to=BOOKS)
right("billing.push_to_books", "push customers and chosen documents to SageOne", screen=SCREEN, to=BOOKS)
right("billing.push_all_to_books", "push everything that waits to SageOne", screen=SCREEN, to=CHIEF)
right(
    "billing.settle_booksowed",
    "send again what SageOne refused, or leave it out",
    screen=SCREEN,
    to=CHIEF,
)
right("billing.view_booksconnection", "see the connection to SageOne", screen=SETUP, to=BOOKS)
right(
    "billing.change_booksconnection",
    "change the connection to SageOne",
    screen=SETUP,
    to=CHIEF,
    money=True,
)
