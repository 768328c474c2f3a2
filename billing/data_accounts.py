"""What billing tells data accounts: how far they are billed, and on which price list a customer is."""

from billing.selectors.account_bills import billed_upto, price_lists
from dataaccounts import billed

billed.provide(billed.Teller(billed_upto, price_lists))
