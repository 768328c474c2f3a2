"""What billing adds to the shell and to screens of others."""

import billing.agreements
import billing.closing
import billing.imports
import billing.lists.documents
import billing.menus
import billing.prints
import billing.receiving
import billing.rights.documents
import billing.rights.importing
import billing.runs
import billing.setup.bank_accounts  # noqa: F401
from billing.models import Allocation, Entry, OpenItem
from billing.selectors.traces import more_than_openings
from customers.footprints import Footprint, footprints

footprints.register(Footprint("ledger", "ledger entries", (Entry, OpenItem, Allocation), more_than_openings))
