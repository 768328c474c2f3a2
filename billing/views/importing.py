"""The way to the imports of billing."""

from billing.imports import ALL, IMPORT
from herotill.imports.views import way_to

index = way_to(
    ALL,
    IMPORT,
    "Bring customers and products first. Then recurring items, invoices, credit notes, adjustments and receipts,"
    " oldest first. Documents from before keep their numbers; they are in no VAT return and are never mailed.",
)
