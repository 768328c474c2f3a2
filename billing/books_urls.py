"""The addresses of what goes to the books kept elsewhere."""

from django.urls import URLPattern, path

from billing.lists.books import owed, sent
from billing.views import books
from herotill.lists.urls import of_list

urlpatterns: list[URLPattern] = [
    path("setup/books/", books.show, name="books"),
    path("setup/books/credentials/", books.credentials, name="books-credentials"),
    path("setup/books/test/", books.test, name="books-test"),
    path("books/push/", books.push, name="books-push"),
    *of_list(owed, "books/waiting/"),
    *of_list(sent, "books/sent/"),
]
