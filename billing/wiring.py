"""What billing adds to the shell and to screens of others."""

import billing.agreements
import billing.api
import billing.batches
import billing.books_messages
import billing.books_receiving
import billing.books_sending
import billing.cancelling
import billing.card_payments
import billing.closing
import billing.data_accounts
import billing.debit_orders
import billing.desk
import billing.document_mails
import billing.imports
import billing.lists.documents
import billing.mandating
import billing.menus
import billing.moving
import billing.owing
import billing.own_parts
import billing.personal
import billing.portal_pages
import billing.prints
import billing.receiving
import billing.rights.documents
import billing.rights.importing
import billing.runs
import billing.setup.bank_accounts
import billing.setup.rules
import billing.suspending  # noqa: F401
from billing.demo.history import make_accounts, make_history
from billing.demo.items import make_items
from billing.demo.office import make_office
from billing.demo.taken_over import sign_take_over
from billing.models import Allocation, Entry, OpenItem
from billing.selectors.traces import more_than_openings
from customers.footprints import Footprint, footprints
from herotill.demo import DemoPart, demo_parts

footprints.register(Footprint("ledger", "ledger entries", (Entry, OpenItem, Allocation), more_than_openings))
demo_parts.register(DemoPart("accounts of ours", make_accounts, order=30))
demo_parts.register(DemoPart("recurring items", make_items, order=31))
demo_parts.register(DemoPart("billing history", make_history, order=32))
demo_parts.register(DemoPart("debtors taken over", sign_take_over, order=33))
demo_parts.register(DemoPart("the work of today", make_office, order=95))
