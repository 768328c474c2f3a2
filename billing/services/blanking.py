"""What billing knows of former customers, blanked in the stages of the law; numbers, dates and amounts stay."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import Max

from billing.models import (
    Cancellation,
    CardAttempt,
    CollectionLine,
    Dispute,
    Document,
    Entry,
    Promise,
    SuspensionCase,
)
from billing.services.books import telling as books_telling
from herotill.blanking import drop_files, execute, texts
from herotill.messages.services import blanking as messages
from herotill.models import RetentionRules
from herotill.secrets import encrypt

PROFILE = (
    "UPDATE billing_debtornote SET text = '•••' WHERE customer_id = ANY(%s)",
    "UPDATE billing_dispute SET reason = '•••', answer = CASE answer WHEN '' THEN '' ELSE '•••' END"
    " WHERE document_id IN (SELECT id FROM billing_document WHERE customer_id = ANY(%s))",
    "UPDATE billing_collectionfee SET waived_why = '•••' WHERE waived_why <> '' AND customer_id = ANY(%s)",
    "UPDATE billing_handover SET back_why = '' WHERE customer_id = ANY(%s)",
    "UPDATE billing_suspensioncase SET ended_why = '' WHERE customer_id = ANY(%s)",
    "UPDATE billing_casestep SET why = '' WHERE case_id IN"
    " (SELECT id FROM billing_suspensioncase WHERE customer_id = ANY(%s))",
    "UPDATE billing_suspensionterms SET disabled_why = '' WHERE customer_id = ANY(%s)",
    "UPDATE billing_cancellation SET comment = '', answer = '', answered_from = NULL, undo = '{}', token_hash = '',"
    " trouble = '', equipment = '' WHERE customer_id = ANY(%s)",
    "UPDATE billing_hold SET reason = '•••' WHERE customer_id = ANY(%s)",
    "UPDATE billing_waiver SET reason = '•••' WHERE customer_id = ANY(%s)",
    "UPDATE billing_recurringitem SET text = '' WHERE customer_id = ANY(%s)",
    "UPDATE billing_rentalcontract SET serial_number = '', ended_why = '' WHERE customer_id = ANY(%s)",
    "UPDATE billing_previewrow SET words = '' WHERE customer_id = ANY(%s)",
    "UPDATE billing_agedcustomer a SET name = c.name, name_key = c.name_key FROM customers_customer c"
    " WHERE c.id = a.customer_id AND c.id = ANY(%s)",
    "DELETE FROM billing_booksowed WHERE document_id IS NULL AND customer_id = ANY(%s)",
    "UPDATE billing_booksowed SET trouble = '•••', told_of = md5('•••') WHERE trouble <> '' AND customer_id = ANY(%s)",
    "UPDATE billing_booksaged a SET name = '•••' FROM billing_bookscustomer k"
    " WHERE k.their_id = a.their_customer AND k.customer_id = ANY(%s)",
    "UPDATE billing_booksreceipt r SET payer = '', payer_code = '' FROM billing_bookscustomer k"
    " WHERE r.state = 'waits' AND k.their_id = r.their_customer AND k.customer_id = ANY(%s)",
    # Who is linked with nobody there is known by the code alone.
    "UPDATE billing_booksaged a SET name = '•••' FROM customers_customer c WHERE a.code = c.code AND c.id = ANY(%s)",
    "UPDATE billing_booksreceipt r SET payer = '', payer_code = '' FROM customers_customer c"
    " WHERE r.state = 'waits' AND r.payer_code = c.code AND c.id = ANY(%s)",
    "DELETE FROM billing_alias WHERE customer_id = ANY(%s)",
    "DELETE FROM billing_paylink WHERE customer_id = ANY(%s)",
    "DELETE FROM billing_assignment WHERE customer_id = ANY(%s)",
    "DELETE FROM billing_debtor WHERE customer_id = ANY(%s)",
    "DELETE FROM billing_mailedstatement WHERE customer_id = ANY(%s)",
)
CARDS = (
    "UPDATE billing_cardnotice SET raw = '', raw_last_four = '', came_from = NULL WHERE attempt_id IN"
    " (SELECT id FROM billing_cardattempt WHERE customer_id = ANY(%s))",
    "UPDATE billing_cardattempt SET says = '', subject = '{}' WHERE customer_id = ANY(%s)",
    "UPDATE billing_storedcard SET token = '', token_last_four = '', last_four = '', brand = ''"
    " WHERE customer_id = ANY(%s)",
)
ACCOUNTS = (
    "UPDATE billing_debitdetail SET number = %s, number_last_four = '', check_overridden = ''"
    " WHERE customer_id = ANY(%s)"
)
NO_NUMBER = "none"
MANDATES = (
    "UPDATE billing_debitdetail SET holder = '', branch_name = '' WHERE customer_id = ANY(%s)",
    "UPDATE billing_mandate SET asked_to = '', signed_by_name = '', signed_from = NULL, document_path = '',"
    " attachment_id = NULL, blocked_why = '', ended_why = '' WHERE customer_id = ANY(%s)",
)
DOCUMENTS = (
    "UPDATE billing_snapshot s SET bill_to = 'Former customer ' || s.code, address = '', vat_number = '', subs = '[]',"
    " reason = '' FROM billing_document d WHERE d.id = s.document_id AND d.customer_id = ANY(%s)",
    "UPDATE billing_line l SET text = p.name FROM reference_product p"
    " WHERE p.id = l.product_id AND l.customer_id = ANY(%s)",
    "UPDATE billing_line SET text = '•••' WHERE product_id IS NULL AND customer_id = ANY(%s)",
    "UPDATE billing_document SET reference = '', reason = CASE reason WHEN '' THEN '' ELSE '•••' END"
    " WHERE (reference <> '' OR reason <> '') AND customer_id = ANY(%s)",
    "UPDATE billing_draftchange SET what = '•••' WHERE customer_id = ANY(%s)",
)
BOOKS = (
    "UPDATE billing_booksreceipt SET reference = '', text = '', decided_why = '' WHERE receipt_id IN"
    " (SELECT id FROM billing_receipt WHERE customer_id = ANY(%s))",
    "UPDATE billing_receipt SET reference = '', note = '', source_reference = 'blanked-' || id"
    " WHERE customer_id = ANY(%s)",
    "UPDATE billing_reversal SET reason = '•••' WHERE receipt_id IN"
    " (SELECT id FROM billing_receipt WHERE customer_id = ANY(%s))",
    "UPDATE billing_entry e SET reference = c.code FROM customers_customer c"
    " WHERE c.id = e.customer_id AND e.kind = 'receipt' AND c.id = ANY(%s)",
    "UPDATE billing_refund SET reason = '•••', verified = '' WHERE customer_id = ANY(%s)",
    "UPDATE billing_depositentry SET reference = '' WHERE customer_id = ANY(%s)",
    "UPDATE billing_bankrow SET text = 'blanked-' || id, named = CASE named WHEN '' THEN '' ELSE '•••' END WHERE customer_id = ANY(%s)",
    "UPDATE billing_collectionresult SET reference = '', text = '' WHERE line_id IN"
    " (SELECT id FROM billing_collectionline WHERE customer_id = ANY(%s))",
    "UPDATE billing_collectionline SET edited_why = '', withdrawn_why = '', warnings = '[]'"
    " WHERE customer_id = ANY(%s)",
)


def _all(statements: Collection[str], customers: Collection[int]) -> None:
    for statement in statements:
        execute(statement, list(customers))


def profile(customers: Collection[int], now: datetime) -> None:
    """What was said about debts, holds and leaving, and what the payer's name was learned to be."""
    _all(PROFILE, customers)
    messages.words_about({books_telling.SUBJECT}, customers)
    if codes := texts("SELECT code FROM customers_customer WHERE id = ANY(%s)", list(customers)):
        messages.words_naming(books_telling.SUBJECTS, codes)


def cards(customers: Collection[int], now: datetime) -> None:
    """Tokens of cards, and what gateways said; the attempt with its amount stays."""
    _all(CARDS, customers)


def account_numbers(customers: Collection[int], now: datetime) -> None:
    """The account debits were taken from; a detail always has a number, so it says that there is none."""
    execute(ACCOUNTS, encrypt(NO_NUMBER), list(customers))


def mandates(customers: Collection[int], now: datetime) -> None:
    """What was signed, with its papers."""
    ids = list(customers)
    drop_files(texts("SELECT document_path FROM billing_mandate WHERE customer_id = ANY(%s)", ids))
    papers = "(SELECT attachment_id FROM billing_mandate WHERE customer_id = ANY(%s))"
    drop_files(texts(f"SELECT file FROM customers_attachment WHERE id IN {papers}", ids))
    held = [int(pk) for pk in texts(f"SELECT id FROM customers_attachment WHERE id IN {papers}", ids)]
    _all(MANDATES, customers)
    execute("DELETE FROM customers_attachment WHERE id = ANY(%s)", held)


def documents(customers: Collection[int], now: datetime) -> None:
    """To whom documents were made out, their prints and words; number, date, products and amounts stay."""
    drop_files(
        texts(
            "SELECT s.file FROM billing_snapshot s JOIN billing_document d ON d.id = s.document_id"
            " WHERE d.customer_id = ANY(%s)",
            list(customers),
        )
    )
    _all(DOCUMENTS, customers)


def books(customers: Collection[int], now: datetime) -> None:
    """The words of receipts, refunds and bank rows; every amount stays where it is posted."""
    _all(BOOKS, customers)


def who_waits(customers: Collection[int], day: date) -> dict[int, str]:
    """Whoever has something open here."""
    found: dict[int, str] = {}
    live = (CollectionLine.State.PLANNED, CollectionLine.State.SENT)
    unclear = (CardAttempt.State.REPORTED, CardAttempt.State.REVIEW)
    asked = (
        ("A suspension case is open.", SuspensionCase.objects.exclude(state="ended"), "customer_id"),
        ("A promise to pay is open.", Promise.objects.filter(state="open"), "customer_id"),
        ("A dispute is not answered.", Dispute.objects.filter(answered_at=None), "document__customer_id"),
        ("A document is a draft.", Document.objects.filter(status="draft"), "customer_id"),
        ("A debit waits for its result.", CollectionLine.objects.filter(state__in=live), "customer_id"),
        ("A card payment is not decided.", CardAttempt.objects.filter(state__in=unclear), "customer_id"),
        (
            "A cancellation is not carried out.",
            Cancellation.objects.filter(state__in=Cancellation.OPEN),
            "customer_id",
        ),
    )
    for why, rows, column in asked:
        here = rows.filter(**{f"{column.removesuffix('_id')}__in": list(customers)})
        found.update(dict.fromkeys(here.values_list(column, flat=True), why))
    return found


def can_come_back(customers: Collection[int], day: date) -> dict[int, str]:
    """Whoever was debited so lately that the bank may still return it."""
    days = RetentionRules.objects.values_list("results_days", flat=True).get()
    since = day - timedelta(days=days)
    late = CollectionLine.objects.filter(customer__in=customers, batch__action_date__gte=since)
    return dict.fromkeys(late.values_list("customer_id", flat=True), "A debit may still come back.")


def last_days(customers: Collection[int]) -> dict[int, date]:
    """The last day on which anything was posted for each, or a mandate ended."""
    posted = Entry.objects.filter(customer_id__in=customers).values("customer_id")
    return dict(posted.annotate(last=Max("accounting_date")).values_list("customer_id", "last"))
