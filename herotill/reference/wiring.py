"""What the things that several apps point at add to the shell."""

from __future__ import annotations

from herotill.folding import Fold
from herotill.lists import Column, keyset
from herotill.reference.forms import HighsiteForm
from herotill.reference.models import Highsite
from herotill.tables import keep
from herotill.users.grants import EVERYBODY, right

HIGHSITES = "Setup: highsites"
right("reference.view_highsite", "see highsites", screen=HIGHSITES, to=EVERYBODY)
right("reference.add_highsite", "add highsites", screen=HIGHSITES, to=("manager", "technician"))
right("reference.change_highsite", "change highsites", screen=HIGHSITES, to=("manager", "technician"))
right("reference.delete_highsite", "delete highsites", screen=HIGHSITES, to=("manager",))

keep(
    name="highsites",
    model=Highsite,
    title="Highsites",
    noun="highsite",
    nouns="highsites",
    about="The towers and buildings on which our radios stand.",
    icon="signal",
    form=HighsiteForm,
    columns=(
        Column(
            name="town",
            heading="Town",
            fields=("town",),
            annotations=lambda: {"town_key": Fold("town")},
            sort=keyset.by_text("town_key", empty=keyset.Empty.BLANK),
            default=True,
            order=20,
        ),
    ),
    order=440,
)
