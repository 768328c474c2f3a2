"""The rights about quotes."""

from __future__ import annotations

from herotill.users.grants import right

QUOTES = "Workflow: quotes"
SELLING = ("manager", "sales")

right("workflow.view_quote", "see quotes", screen=QUOTES, to=("manager", "accounts", "sales", "support"))
right(
    "workflow.view_acceptance",
    "see the details customers gave with their yes",
    screen=QUOTES,
    to=SELLING,
    sensitive=True,
)
right("workflow.add_quote", "begin quotes and write their lines", screen=QUOTES, to=SELLING)
right("workflow.change_quote", "make new versions of quotes and withdraw them", screen=QUOTES, to=SELLING)
right("workflow.send_quote", "send quotes", screen=QUOTES, to=SELLING)
right("workflow.discount_quote", "give discounts on quotes, up to the limit", screen=QUOTES, to=SELLING)
right(
    "workflow.discount_quote_freely",
    "give discounts above the limit",
    screen=QUOTES,
    to=("manager",),
    money=True,
)
right(
    "workflow.answer_quote",
    "accept and decline a quote for the customer, with a document",
    screen=QUOTES,
    to=SELLING,
)
right(
    "workflow.export_quotes", "export large lists of quotes", screen=QUOTES, to=("manager",), sensitive=True
)
