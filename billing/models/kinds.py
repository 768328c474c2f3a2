from django.db import models


class DocumentKind(models.TextChoices):
    """What a document is. An invoice and a debit note are owed; a credit note and a write-off take away."""

    INVOICE = "invoice", "Invoice"
    CREDIT_NOTE = "credit_note", "Credit note"
    DEBIT_NOTE = "debit_note", "Debit note"
    ADJUSTMENT = "adjustment", "Adjustment"
    WRITE_OFF = "write_off", "Write-off"


TAKING_AWAY = (DocumentKind.CREDIT_NOTE, DocumentKind.WRITE_OFF)


class EntryKind(models.TextChoices):
    """What posted an entry: a document, or one of these."""

    INVOICE = "invoice", "Invoice"
    CREDIT_NOTE = "credit_note", "Credit note"
    DEBIT_NOTE = "debit_note", "Debit note"
    ADJUSTMENT = "adjustment", "Adjustment"
    WRITE_OFF = "write_off", "Write-off"
    OPENING = "opening", "Opening balance"
    OPENING_BACK = "opening_back", "Opening balance taken back"
    RECEIPT = "receipt", "Receipt"
    REVERSAL = "reversal", "Receipt reversed"
    REFUND = "refund", "Refund"


class VatClass(models.TextChoices):
    """How VAT applies to a line."""

    STANDARD = "standard", "Standard rate"
    ZERO = "zero", "Zero-rated"
    EXEMPT = "exempt", "Exempt"
    OUTSIDE = "outside", "No VAT"
