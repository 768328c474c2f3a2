"""How the network is run."""

from __future__ import annotations

from dataaccounts.models import NetworkRules
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
        )
        help_texts = {
            "suspended": "What RADIUS answers them. The walled garden is the router's, by its make's attributes.",
            "archive_after_days": "Older ones are moved to the archive, by month.",
            "archive_kept_months": "Months of the archive older than this are dropped.",
        }
