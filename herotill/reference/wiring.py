"""What the things that several apps point at add to the shell."""

from __future__ import annotations

from herotill.users.grants import EVERYBODY, right

HIGHSITES = "Setup: highsites"
right("reference.view_highsite", "see highsites", screen=HIGHSITES, to=EVERYBODY)
right("reference.add_highsite", "add highsites", screen=HIGHSITES, to=("manager", "technician"))
right("reference.change_highsite", "change highsites", screen=HIGHSITES, to=("manager", "technician"))
right("reference.delete_highsite", "delete highsites", screen=HIGHSITES, to=("manager",))
