"""The reports about money."""

from __future__ import annotations

from herotill.reports import Report, reports

SEE = "billing.see_reports"
for place, (name, title, url_name, permission, about, icon) in enumerate(
    (
        (
            "age-analysis",
            "Age analysis",
            "billing:age-analysis",
            "billing.see_age_analysis",
            "What everybody owes by age, as at any day.",
            "scale",
        ),
        ("debtors", "Debtors", "reports:debtors", SEE, "Who owes most, and what groups owe by age.", "users"),
        (
            "revenue",
            "Revenue by product",
            "reports:revenue",
            SEE,
            "Invoiced by product and month, without VAT.",
            "chart-bar",
        ),
        (
            "vat",
            "VAT by rate",
            "reports:vat",
            SEE,
            "Output VAT by rate and document, for the VAT201.",
            "receipt-percent",
        ),
        (
            "received",
            "Receipts by account",
            "reports:received",
            SEE,
            "What came into each account, month by month.",
            "banknotes",
        ),
        (
            "unallocated",
            "Unallocated receipts",
            "reports:unallocated",
            SEE,
            "Payments and credits that have paid nothing yet.",
            "question-mark-circle",
        ),
        (
            "next-run",
            "Expected next run",
            "reports:next-run",
            SEE,
            "What recurring items bring next month.",
            "calendar",
        ),
        (
            "take-over",
            "Opening debtors",
            "reports:take-over",
            "billing.view_takeover",
            "The debtors taken over beside the old system's.",
            "arrows-right-left",
        ),
        (
            "books-ageing",
            "Debtors beside SageOne",
            "reports:books-ageing",
            "billing.view_booksageing",
            "What customers owe here and there, and where it differs.",
            "scale",
        ),
    )
):
    reports.register(Report(name, title, url_name, permission, about, icon, 10 * (place + 1)))
