"""How the network is run."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from dataaccounts.models import NetworkRules
from dataaccounts.selectors.rules import makes_without_garden
from herotill.forms import ModelForm


class RulesForm(ModelForm):
    """The company's rules about its network."""

    class Meta:
        model = NetworkRules
        fields = (
            "suspended",
            "checks_required",
            "archive_after_days",
            "archive_kept_months",
            "journal_kept_days",
            "hours_kept_days",
            "logins_kept_days",
            "counters_kept_days",
            "portal_changes",
            "portal_password",
            "portal_on_account",
        )
        help_texts = {
            "suspended": "What RADIUS answers them. The walled garden is the router's, by its make's attributes.",
            "archive_after_days": "Older ones are moved to the archive, by month.",
            "archive_kept_months": "Months of the archive older than this are dropped.",
        }

    def clean_suspended(self) -> str:
        """The walled garden only where every router in use makes one: another lets suspended accounts in for good."""
        suspended: str = self.cleaned_data["suspended"]
        if suspended == NetworkRules.Suspended.GARDEN and (makes := makes_without_garden()):
            raise ValidationError(
                f"{', '.join(makes)}: routers of this make are told nothing for suspended accounts, and would let"
                " them in as if they were not. Say first what they are told."
            )
        return suspended
