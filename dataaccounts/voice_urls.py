"""Addresses of voice lines and calls."""

from django.urls import URLPattern, path

from dataaccounts.lists.voice_lines import call_files, voice_lines
from dataaccounts.views import call_mapping, calls, decks, free_minutes, spend
from herotill.lists.urls import of_list

urlpatterns: list[URLPattern] = [
    *of_list(voice_lines, "voice/"),
    *of_list(call_files, "calls/"),
    path("calls/new/", calls.take_in, name="call-files-new"),
    path("calls/looked-at/<int:pk>/", calls.looked_at, name="call-file-looked-at"),
    path("calls/unmatched/", calls.unmatched, name="calls-unmatched"),
    path("calls/settle/", calls.settle, name="calls-settle"),
    path("calls/<int:pk>/", calls.show, name="call-file"),
    path("calls/<int:pk>/take-back/", calls.take_back, name="call-file-back"),
    path("calls/formats/new/", call_mapping.new, name="call-formats-new"),
    path("calls/formats/<int:pk>/", call_mapping.change, name="call-formats-change"),
    path("calls/alarms/", spend.alarms, name="spend-alarms"),
    path("calls/alarms/<int:pk>/seen/", spend.seen, name="spend-alarm-seen"),
    path("calls/limits/", spend.limits, name="spend-limits"),
    path("decks/<int:pk>/", decks.deck, name="deck"),
    path("decks/versions/<int:pk>/delete/", decks.take_out, name="deck-version-delete"),
    path("voice/packages/<int:pk>/minutes/", free_minutes.of_package, name="voice-package-minutes"),
    path(
        "voice/packages/<int:pk>/minutes/give/", free_minutes.give_package, name="voice-package-minutes-give"
    ),
    path("voice/packages/<int:pk>/minutes/end/", free_minutes.end_package, name="voice-package-minutes-end"),
    path("voice/<int:pk>/minutes/", free_minutes.of_line, name="voice-line-minutes"),
    path("voice/<int:pk>/minutes/give/", free_minutes.give_line, name="voice-line-minutes-give"),
    path("voice/<int:pk>/minutes/end/", free_minutes.end_line, name="voice-line-minutes-end"),
    path("calls/callers/<int:pk>/", calls.link, name="calls-link"),
]
