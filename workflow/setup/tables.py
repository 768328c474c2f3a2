"""Sources, areas and reasons in Setup."""

from __future__ import annotations

from herotill.lists import Column, cells
from herotill.tables import keep
from workflow.forms import reasons as forms
from workflow.models import Area, DeclineReason, FailReason, LostReason, Source

keep(
    name="lead-sources",
    model=Source,
    title="Sources of leads",
    noun="source",
    nouns="sources",
    about="Where leads come from: the sign-up form, a referral, a campaign.",
    icon="megaphone",
    form=forms.SourceForm,
    order=520,
)
keep(
    name="areas",
    model=Area,
    title="Areas",
    noun="area",
    nouns="areas",
    about="What is sold to and worked in together, known by its towns, and whether we cover it.",
    icon="map",
    form=forms.AreaForm,
    columns=(
        Column(
            name="towns",
            heading="Towns and suburbs",
            cell=cells.CLIPPED,
            fields=("towns",),
            value=lambda row: ", ".join(row["towns"].split("\n")),
            default=True,
            order=20,
        ),
        Column(
            name="covered", heading="Covered", cell=cells.YES, fields=("covered",), default=True, order=30
        ),
    ),
    order=521,
)
for place, (name, model, form, title, about, icon) in enumerate(
    (
        (
            "lost-reasons",
            LostReason,
            forms.LostReasonForm,
            "Reasons for losing leads",
            "Why a lead came to nothing.",
            "hand-thumb-down",
        ),
        (
            "decline-reasons",
            DeclineReason,
            forms.DeclineReasonForm,
            "Reasons for declining quotes",
            "What the page of a quote offers to who declines it.",
            "document-minus",
        ),
        (
            "fail-reasons",
            FailReason,
            forms.FailReasonForm,
            "Reasons for failed jobs",
            "Why a technician could not do a job.",
            "wrench-screwdriver",
        ),
    )
):
    keep(
        name=name,
        model=model,
        title=title,
        noun="reason",
        nouns="reasons",
        about=about,
        icon=icon,
        form=form,
        order=522 + place,
    )
