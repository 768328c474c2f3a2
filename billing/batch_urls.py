"""Addresses of collection batches, their lines and results."""

from django.urls import URLPattern, path

from billing.lists.batch_lines import left_out, lines
from billing.lists.batches import batches as batch_list
from billing.lists.collection_results import results
from billing.views import batch_rules, batches, collection_results
from herotill.lists.urls import of_list

urlpatterns: list[URLPattern] = [
    *of_list(batch_list, "batches/"),
    path("batches/build/", batches.build, name="batch-build"),
    *of_list(lines, "batches/lines/"),
    path("batches/lines/<int:pk>/", batches.line, name="batch-line"),
    path("batches/lines/<int:pk>/no-result/", collection_results.give_up, name="batch-line-no-result"),
    path("batches/lines/<int:pk>/<slug:deed_name>/", batches.change_line, name="batch-line-change"),
    *of_list(left_out, "batches/left-out/"),
    *of_list(results, "batches/rows/"),
    path("batches/rows/<int:pk>/", collection_results.show, name="result-row"),
    path("batches/rows/<int:pk>/settle/", collection_results.settle, name="result-row-settle"),
    path("batches/ratios/", collection_results.ratios, name="collection-ratios"),
    path("batches/<int:pk>/", batches.show, name="batch"),
    path("batches/<int:pk>/file/", batches.download, name="batch-file"),
    path("batches/<int:pk>/<slug:deed_name>/", batches.deed, name="batch-deed"),
    path("setup/debit-batches/", batch_rules.show, name="collection-rules"),
    path("setup/debit-batches/second-person/", batch_rules.second_person, name="collection-second-person"),
    path("setup/debit-batches/codes/new/", batch_rules.code, name="unpaid-code-new"),
    path("setup/debit-batches/codes/<int:pk>/", batch_rules.code, name="unpaid-code"),
]
