"""The rights about usage."""

from __future__ import annotations

from herotill.users.grants import EVERYBODY, right

PROFILE = "Profile: data usage"

right("dataaccounts.view_usageday", "see what data accounts used", screen=PROFILE, to=EVERYBODY)
