"""What billing adds to the shell and to screens of others."""

from billing.models import Allocation, Entry, OpenItem
from billing.selectors.traces import more_than_openings
from customers.footprints import Footprint, footprints

footprints.register(Footprint("ledger", "ledger entries", (Entry, OpenItem, Allocation), more_than_openings))
