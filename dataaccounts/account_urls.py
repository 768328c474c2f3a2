"""Addresses of data accounts and packages."""

from django.urls import URLPattern, path

from dataaccounts.lists.accounts import data_accounts
from dataaccounts.lists.packages import packages as package_list
from dataaccounts.views import accounts, packages, wishes
from herotill.lists.urls import of_list

urlpatterns: list[URLPattern] = [
    *of_list(data_accounts, ""),
    path("accounts/<int:pk>/", accounts.account, name="account"),
    path("changes/preview/", accounts.change_preview, name="change-preview"),
    path("packages-asked/", wishes.asked, name="wishes"),
    path("rules/", accounts.rules, name="rules"),
    *of_list(package_list, "packages/"),
    path("packages/new/", packages.new, name="package-new"),
    path("packages/<int:pk>/", packages.change, name="package"),
    path("packages/<int:pk>/retire/", packages.retire, name="package-retire"),
    path("packages/<int:pk>/delete/", packages.delete, name="package-delete"),
]
