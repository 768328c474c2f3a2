"""The rights about the helpdesk's set-up."""

from __future__ import annotations

from herotill.users.grants import EVERYBODY, right

CHIEF = ("manager",)
for _model, _nouns in (
    ("department", "departments of the helpdesk"),
    ("category", "categories of tickets"),
    ("priority", "priorities and service levels"),
    ("closereason", "reasons for closing tickets"),
):
    _screen = f"Setup: {_nouns}"
    right(f"helpdesk.view_{_model}", f"see {_nouns}", screen=_screen, to=CHIEF)
    right(f"helpdesk.add_{_model}", f"add {_nouns}", screen=_screen, to=CHIEF)
    right(f"helpdesk.change_{_model}", f"change and retire {_nouns}", screen=_screen, to=CHIEF)
    right(f"helpdesk.delete_{_model}", f"delete {_nouns} that nothing uses", screen=_screen, to=CHIEF)

CANNED, WRITERS = "Setup: canned answers", ("manager", "support")
right("helpdesk.view_cannedanswer", "see canned answers", screen=CANNED, to=EVERYBODY)
right("helpdesk.add_cannedanswer", "add canned answers", screen=CANNED, to=WRITERS)
right("helpdesk.change_cannedanswer", "change and retire canned answers", screen=CANNED, to=WRITERS)
right("helpdesk.delete_cannedanswer", "delete canned answers", screen=CANNED, to=CHIEF)

SETTINGS = "Setup: helpdesk settings"
right("helpdesk.view_helpdeskrules", "see the helpdesk's settings", screen=SETTINGS, to=CHIEF)
right("helpdesk.change_helpdeskrules", "change the helpdesk's settings", screen=SETTINGS, to=CHIEF)
