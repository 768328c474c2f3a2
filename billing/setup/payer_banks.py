"""The banks that customers pay from, in Setup."""

from __future__ import annotations

from billing.forms.mandates import PayerBankForm
from billing.models import PayerBank
from billing.policies.account_checks import RULES
from herotill.lists import Column, cells
from herotill.tables import keep

keep(
    name="payer-banks",
    model=PayerBank,
    title="Banks of customers",
    noun="bank of customers",
    nouns="banks of customers",
    about="Where debit orders come from: universal branch codes, and the rules of account numbers.",
    icon="building-library",
    form=PayerBankForm,
    columns=(
        Column(
            name="branch",
            heading="Universal branch code",
            cell=cells.IDENTIFIER,
            fields=("branch_code",),
            default=True,
            order=20,
        ),
        Column(
            name="rule",
            heading="Rule for account numbers",
            cell=cells.words(dict(RULES)),
            fields=("check_rule",),
            default=True,
            narrow=False,
            order=30,
        ),
    ),
    order=295,
)
