"""What billing knows of a person, and how long the law wants it."""

from billing.services import blanking, retention
from customers.anonymising import Personal, Stage, personal
from herotill.retention import Kept, kinds

personal.register(
    Personal(
        name="billing",
        what="Debtor notes, disputes, reasons, links and learned names of payers",
        blank=blanking.profile,
        waits=blanking.who_waits,
        lasts=blanking.last_days,
        order=95,
    )
)
personal.register(
    Personal(name="cards", what="Stored cards and notices of gateways", blank=blanking.cards, order=96)
)
personal.register(
    Personal(
        name="account-numbers",
        what="The bank account number for debit orders",
        blank=blanking.account_numbers,
        stage=Stage.ACCOUNTS,
        waits=blanking.can_come_back,
        order=200,
    )
)
personal.register(
    Personal(
        name="mandates",
        what="Mandates, who signed them, and their papers",
        blank=blanking.mandates,
        stage=Stage.DOCUMENTS,
        order=300,
    )
)
personal.register(
    Personal(
        name="documents",
        what="Documents: to whom they were made out, their prints; numbers and amounts stay for ever",
        blank=blanking.documents,
        stage=Stage.DOCUMENTS,
        order=310,
    )
)
personal.register(
    Personal(
        name="books",
        what="Receipts, refunds and bank rows: their words; amounts stay for ever",
        blank=blanking.books,
        stage=Stage.BOOKS,
        order=400,
    )
)
kinds.register(
    Kept(
        name="card-notices",
        title="Raw notices of card gateways",
        period=lambda rules: f"{rules.notices_months} months",
        forget=retention.notices,
        order=80,
    )
)
kinds.register(
    Kept(
        name="bank-files",
        title="Files of bank statements, batches and results",
        period=lambda rules: f"{rules.books_years} years, and the year they are in",
        forget=retention.bank_files,
        order=81,
    )
)
kinds.register(
    Kept(
        name="bank-rows",
        title="Words of bank rows that are no customer's",
        period=lambda rules: f"{rules.books_years} years, and the year they are in",
        forget=retention.bank_rows,
        order=82,
    )
)
