from django.urls import path, re_path

from customers.group_imports import groups as group_import
from customers.imports import customers as customer_import
from customers.lists import customers as customer_list
from customers.views import attachments, audit, creation, looking, picker, profile, widgets
from herotill.imports.urls import of_import
from herotill.lists.urls import of_list

app_name = "customers"

CODE = r"(?P<code>[A-Za-z0-9]{3,12})"

urlpatterns = [
    *of_list(customer_list, "customers/"),
    *of_import(customer_import, "customers/import/"),
    *of_import(group_import, "customers/import/groups/"),
    path("customers/picker/", picker.picker, name="picker"),
    path("customers/edit/", profile.blank, name="edit"),
    path("customers/new/", creation.new, name="new"),
    path("customers/new/code/", creation.code, name="new-code"),
    path("customers/cards/", profile.arrange, name="cards"),
    # A code is three to twelve letters and digits; the words above it in this list are no codes.
    re_path(rf"^customers/{CODE}/$", profile.profile, name="profile"),
    re_path(rf"^customers/{CODE}/head/$", profile.head, name="head"),
    re_path(rf"^customers/{CODE}/portal/$", looking.begin, name="look"),
    re_path(rf"^customers/{CODE}/audit/$", audit.of_customer, name="audit"),
    re_path(rf"^customers/{CODE}/audit/export/$", audit.export_customer, name="audit-export"),
    path("setup/audit/", audit.of_everything, name="audit-everything"),
    path("setup/audit/export/", audit.export_everything, name="audit-everything-export"),
    re_path(rf"^customers/{CODE}/attachments/(?P<pk>\d+)/$", attachments.download, name="attachment"),
    re_path(rf"^customers/{CODE}/widgets/$", widgets.group, name="widgets"),
    re_path(rf"^customers/{CODE}/widgets/(?P<name>[a-z-]+)/$", widgets.card, name="widget"),
    re_path(
        rf"^customers/{CODE}/widgets/(?P<name>[a-z-]+)/(?P<action_name>[a-z-]+)/$",
        widgets.act,
        name="widget-action",
    ),
    re_path(
        rf"^customers/{CODE}/widgets/(?P<name>[a-z-]+)/(?P<action_name>[a-z-]+)/(?P<pk>\d+)/$",
        widgets.act,
        name="widget-row-action",
    ),
]
