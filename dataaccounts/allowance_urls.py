"""Addresses of vouchers."""

from django.urls import URLPattern, path

from dataaccounts.lists.vouchers import vouchers as voucher_list
from dataaccounts.views import vouchers
from herotill.lists.urls import of_list

urlpatterns: list[URLPattern] = [
    *of_list(voucher_list, "vouchers/"),
    path("vouchers/new/", vouchers.new, name="vouchers-new"),
    path("vouchers/<int:pk>/", vouchers.show, name="voucher-batch"),
    path("vouchers/<int:pk>/sheet/", vouchers.sheet, name="voucher-batch-sheet"),
    path("vouchers/<int:pk>/withdraw/", vouchers.withdraw, name="voucher-batch-withdraw"),
]
