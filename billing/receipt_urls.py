"""The addresses of receipts and bank statements."""

from django.urls import path

from billing.lists.payers import payers as payer_list
from billing.lists.receipts import receipts as receipt_list
from billing.views import bank, bank_rows, receipts, topping_sales
from herotill.lists.urls import of_list

urlpatterns = [
    *of_list(receipt_list, "receipts/"),
    path("receipts/capture/", receipts.capture, name="receipts-capture"),
    path("customers/<slug:code>/sell-topping/", topping_sales.sell, name="sell-topping"),
    path("receipts/split/", receipts.split, name="receipts-split"),
    path("receipts/<int:pk>/", receipts.show, name="receipt"),
    path("receipts/<int:pk>/mail/", receipts.mail, name="receipt-mail"),
    path("receipts/<int:pk>/reverse/", receipts.reverse, name="receipt-reverse"),
    path("receipts/<int:pk>/move/", receipts.move, name="receipt-move"),
    path("receipts/<int:pk>/allocate/", receipts.allocate, name="receipt-allocate"),
    path("bank/", bank.statements, name="statements"),
    path("bank/statements/<int:pk>/", bank.statement, name="statement"),
    path("bank/statements/<int:pk>/take-back/", bank.take_back, name="statement-take-back"),
    path("bank/accounts/<int:pk>/", bank.reconcile, name="reconcile"),
    path("bank/signed/<int:pk>/open/", bank.open_again, name="reconcile-open"),
    path("bank/unmatched/", bank_rows.unmatched, name="unmatched"),
    *of_list(payer_list, "bank/payers/"),
    path("bank/payers/<int:pk>/forget/", bank_rows.forget, name="payer-forget"),
    path("bank/rows/<int:pk>/accept/", bank_rows.accept, name="row-accept"),
    path("bank/rows/<int:pk>/book/", bank_rows.book, name="row-book"),
    path("bank/rows/<int:pk>/name/", bank_rows.name, name="row-name"),
    path("bank/rows/<int:pk>/receipt/", bank_rows.receipt, name="row-receipt"),
    path("bank/rows/<int:pk>/split/", bank_rows.split, name="row-split"),
    path("bank/rows/<int:pk>/undo/", bank_rows.undo, name="row-undo"),
]
