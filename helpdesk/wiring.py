"""What the helpdesk adds to the shell and to screens of others."""

import helpdesk.api
import helpdesk.customers_side
import helpdesk.demo.parts
import helpdesk.desk_messages
import helpdesk.figures
import helpdesk.mail
import helpdesk.personal
import helpdesk.rating
import helpdesk.setting_up
import helpdesk.ticketing
import helpdesk.tiles  # noqa: F401
