"""Number series, rules, limits and reasons of adjustments in Setup."""

from __future__ import annotations

from billing.forms.setup import AdjustmentReasonForm
from billing.models import AdjustmentReason
from herotill.menu import MenuEntry, menu
from herotill.tables import keep

keep(
    name="adjustment-reasons",
    model=AdjustmentReason,
    title="Reasons for adjustments",
    noun="reason",
    nouns="reasons",
    about="What an account may be adjusted for without VAT.",
    icon="scale",
    form=AdjustmentReasonForm,
    order=470,
)
for name, label, right, icon, order, about in (
    ("series", "Number series", "billing.view_series", "hashtag", 460, "How documents are numbered."),
    (
        "rules",
        "Billing rules",
        "billing.view_rules",
        "calculator",
        455,
        "How debts age, when they are due, which notice is given.",
    ),
    (
        "limits",
        "Limits on credits",
        "billing.view_limit",
        "users",
        465,
        "How much each role may credit without a second person.",
    ),
):
    menu.register(
        MenuEntry(
            f"setup.billing-{name}", label, f"billing:{name}", right, icon, order, parent="setup", about=about
        )
    )
