"""Products, VAT and the company under Setup."""

from django.urls import path

from herotill.imports.urls import of_import
from herotill.lists.urls import of_list
from herotill.reference.imports import products as product_import
from herotill.reference.views import company, products, vat
from herotill.reference.views.listing import products as product_list

app_name = "reference"

urlpatterns = [
    *of_list(product_list, "setup/products/"),
    *of_import(product_import, "setup/products/import/"),
    path("setup/products/new/", products.new, name="product-new"),
    path("setup/products/<int:pk>/", products.show, name="product"),
    path("setup/products/<int:pk>/edit/", products.edit, name="product-edit"),
    path("setup/products/<int:pk>/delete/", products.delete, name="product-delete"),
    path("setup/products/<int:pk>/prices/", products.add_price, name="price-add"),
    path("setup/prices/<int:pk>/drop/", products.drop_price, name="price-drop"),
    path("setup/vat/", vat.show, name="vat"),
    path("setup/vat/rates/new/", vat.announce, name="vat-rate-new"),
    path("setup/vat/rates/<int:pk>/withdraw/", vat.withdraw, name="vat-rate-withdraw"),
    path("setup/vat/status/", vat.change_status, name="vat-status"),
    path("setup/vat/status/<int:pk>/number/", vat.number, name="vat-number"),
    path("setup/company/", company.show, name="company"),
    path("setup/company/logo/", company.logo, name="logo"),
]
