"""What moves in of data accounts."""

from __future__ import annotations

from dataaccounts.models import DataAccount, Package, UsageName
from herotill.moving_in import Step, Tally, steps

steps.register(
    Step(
        name="packages",
        title="Packages",
        about="Speeds, allowances and the product that is billed for each.",
        ours=lambda day: Tally(Package.objects.filter(retired=False).count()),
        imports="packages",
        order=40,
    )
)
steps.register(
    Step(
        name="data-accounts",
        title="Data accounts",
        about="User names with their passwords, so that nobody has to be set up anew.",
        ours=lambda day: Tally(DataAccount.objects.exclude(state=DataAccount.State.CANCELLED).count()),
        imports="data-accounts",
        order=50,
    )
)
steps.register(
    Step(
        name="links",
        title="Old user names",
        about="Names that routers still report for accounts that are called otherwise here.",
        ours=lambda day: Tally(UsageName.objects.count()),
        imports="links",
        order=60,
    )
)
