"""Addresses of quotes."""

from django.urls import URLPattern, path

from herotill.lists.urls import of_list
from workflow.lists.quotes import quotes as listed
from workflow.views import quote_lines, quotes

urlpatterns: list[URLPattern] = [
    *of_list(listed, "quotes/all/"),
    path("leads/<int:pk>/quote/", quotes.begin, name="quote-begin"),
    path("quotes/for/<slug:code>/", quotes.begin_for_customer, name="quote-begin-customer"),
    path("quotes/all/<int:pk>/", quotes.show, name="quote"),
    path("quotes/all/<int:pk>/paper/", quotes.paper, name="quote-paper"),
    path("quotes/all/<int:pk>/send/", quotes.send, name="quote-send"),
    path("quotes/all/<int:pk>/resend/", quotes.resend, name="quote-resend"),
    path("quotes/all/<int:pk>/revise/", quotes.revise, name="quote-revise"),
    path("quotes/all/<int:pk>/withdraw/", quotes.withdraw, name="quote-withdraw"),
    path("quotes/all/<int:pk>/accepted/", quotes.accepted, name="quote-accepted"),
    path("quotes/all/<int:pk>/declined/", quotes.declined, name="quote-declined"),
    path("quotes/all/<int:pk>/remark/", quote_lines.remark, name="quote-remark"),
    path("quotes/all/<int:pk>/package/", quote_lines.add_package, name="quote-package"),
    path("quotes/all/<int:pk>/product/", quote_lines.add_product, name="quote-product"),
    path("quotes/all/<int:pk>/survey-cost/", quote_lines.add_survey_cost, name="quote-survey-cost"),
    path("quotes/all/lines/<int:line>/", quote_lines.change, name="quote-line"),
    path("quotes/all/lines/<int:line>/remove/", quote_lines.remove, name="quote-line-remove"),
]
