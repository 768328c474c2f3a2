"""Addresses of billing; each slice adds its own below."""

from django.urls import URLPattern, path

from billing import month_end_urls, receipt_urls
from billing.agreement_urls import urlpatterns as agreements
from billing.batch_urls import urlpatterns as collection_batches
from billing.books_receipt_urls import urlpatterns as books_receipts
from billing.books_urls import urlpatterns as books
from billing.cancellation_urls import urlpatterns as cancellations
from billing.card_urls import urlpatterns as card_payments
from billing.debit_order_urls import urlpatterns as debit_orders
from billing.desk_urls import urlpatterns as desk
from billing.imports import ALL as IMPORTS
from billing.lists.ageing import age_analysis
from billing.lists.documents import documents as document_list
from billing.mandate_urls import urlpatterns as mandates
from billing.setup.urls import urlpatterns as setup
from billing.suspension_urls import urlpatterns as suspensions
from billing.views import (
    allocations,
    documents,
    drafts,
    importing,
    itemised,
    notes,
    periods,
    prints,
    reports,
    statements,
)
from herotill.imports.urls import of_import
from herotill.lists.urls import of_list

app_name = "billing"

urlpatterns: list[URLPattern] = [
    *of_list(document_list, "documents/"),
    path("documents/<int:pk>/", documents.show, name="document"),
    path("documents/<int:pk>/calls/", itemised.calls, name="document-calls"),
    path("documents/<int:pk>/edit/", drafts.edit, name="edit"),
    path("documents/<int:pk>/delete/", drafts.delete, name="delete"),
    path("documents/<int:pk>/issue/", drafts.issue, name="issue"),
    path("documents/<int:pk>/lines/new/", drafts.add_line, name="line-add"),
    path("documents/<int:pk>/lines/<int:line>/", drafts.change_line, name="line-change"),
    path("documents/<int:pk>/lines/<int:line>/remove/", drafts.remove_line, name="line-remove"),
    path("documents/<int:pk>/credit/", notes.credit, name="credit"),
    path("documents/<int:pk>/debit/", notes.debit, name="debit"),
    path("documents/<int:pk>/correct/", notes.correct, name="correct"),
    path("documents/<int:pk>/recover/", notes.recover, name="recover"),
    path("documents/<int:pk>/allocate/", allocations.allocate, name="allocate"),
    path("documents/<int:pk>/allocations/<int:allocation>/undo/", allocations.unallocate, name="unallocate"),
    path("customers/<slug:code>/invoice/", drafts.new_invoice, name="new-invoice"),
    path("customers/<slug:code>/write-off/", notes.write_off, name="write-off"),
    path("customers/<slug:code>/adjustment/", notes.adjust, name="adjust"),
    path("periods/", periods.listed, name="periods"),
    path("periods/packs/<int:pk>/", periods.pack_file, name="audit-pack-file"),
    path("periods/<slug:month>/", periods.show, name="period"),
    path("periods/<slug:month>/close/", periods.close, name="period-close"),
    path("periods/<slug:month>/reopen/", periods.reopen, name="period-reopen"),
    path("periods/<slug:month>/pack/", periods.audit_pack, name="audit-pack"),
]
urlpatterns += [
    path("documents/many/", prints.many, name="documents-many"),
    path("documents/many/<int:pk>/file/", prints.batch, name="documents-batch"),
    path("documents/<int:pk>/print/<int:version>/", prints.original, name="document-print"),
    path("documents/<int:pk>/print/<int:version>/copy/", prints.copy, name="document-copy"),
    path("receipts/<int:pk>/print/", prints.receipt, name="receipt-print"),
]
urlpatterns += [
    path("import/", importing.index, name="import"),
    *(one for kind in IMPORTS for one in of_import(kind, f"import/{kind.name}/")),
]
urlpatterns += setup
urlpatterns += [
    *of_list(age_analysis, "age-analysis/"),
    path("age-analysis/ages/", reports.ages, name="age-analysis-renew"),
    path("email-statements/", statements.many, name="email-statements"),
    path("customers/<slug:code>/statement/", statements.statement, name="account-statement"),
    path("customers/<slug:code>/statement/pdf/", statements.statement_pdf, name="account-statement-pdf"),
    path("customers/<slug:code>/transactions/", statements.transactions, name="account-transactions"),
    path(
        "customers/<slug:code>/transactions/pdf/",
        statements.transactions_pdf,
        name="account-transactions-pdf",
    ),
]
urlpatterns += receipt_urls.urlpatterns
urlpatterns += month_end_urls.urlpatterns
urlpatterns += agreements
urlpatterns += mandates
urlpatterns += cancellations
urlpatterns += suspensions
urlpatterns += desk
urlpatterns += debit_orders
urlpatterns += card_payments
urlpatterns += collection_batches
urlpatterns += books
urlpatterns += books_receipts
