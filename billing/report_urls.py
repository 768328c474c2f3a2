"""Addresses of the reports about money."""

from django.urls import path

from billing.views import books_ageing, collecting, leaving, reports

app_name = "reports"

urlpatterns = [
    path("", reports.index, name="index"),
    path("revenue/", reports.revenue_by_product, name="revenue"),
    path("vat/", reports.vat_by_rate, name="vat"),
    path("debtors/", reports.debtors_report, name="debtors"),
    path("unallocated/", reports.unallocated, name="unallocated"),
    path("next-run/", reports.next_run, name="next-run"),
    path("leaving/", leaving.leaving, name="leaving"),
    path("collecting/", collecting.collecting, name="collecting"),
    path("received/", reports.received, name="received"),
    path("opening-debtors/", reports.take_over, name="take-over"),
    path("opening-debtors/sign/", reports.sign_take_over, name="sign-take-over"),
    path("sageone-debtors/", books_ageing.compared, name="books-ageing"),
]
