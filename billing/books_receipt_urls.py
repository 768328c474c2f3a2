"""The addresses of receipts from the books kept elsewhere."""

from django.urls import URLPattern, path

from billing.lists.books_receipts import books_receipts as receipt_list
from billing.views import books_receipts
from herotill.lists.urls import of_list

urlpatterns: list[URLPattern] = [
    path("books/receipts/reading/", books_receipts.overview, name="books-receipts-overview"),
    path("books/receipts/sync/", books_receipts.sync, name="books-receipts-sync"),
    path("books/accounts/look/", books_receipts.look, name="books-look"),
    path("books/accounts/<int:pk>/", books_receipts.account, name="books-account"),
    path("books/receipts/<int:pk>/", books_receipts.show, name="books-receipt"),
    path("books/receipts/<int:pk>/settle/", books_receipts.settle, name="books-receipt-settle"),
    *of_list(receipt_list, "books/receipts/"),
]
