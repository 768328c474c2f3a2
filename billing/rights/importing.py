"""The right to bring billing history in."""

from herotill.users.grants import right

right(
    "billing.import_billing",
    "import recurring items, documents and receipts",
    screen="Import and export",
    to=("manager", "accounts"),
)
