"""What the workflow adds to the shell and to screens of others."""

import workflow.api
import workflow.board
import workflow.figures
import workflow.job_cards
import workflow.leading
import workflow.new_customers
import workflow.own_parts
import workflow.phone
import workflow.portal_pages
import workflow.quoting
import workflow.surveying
import workflow.updating  # noqa: F401
from workflow.lists.waiting import offer_deeds

offer_deeds()  # once every part above has said what the rows' buttons are
