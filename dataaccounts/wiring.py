"""What data accounts add to the shell and to screens of others; each slice's module is imported here."""

import dataaccounts.allowing
import dataaccounts.api
import dataaccounts.at_portal
import dataaccounts.calling
import dataaccounts.calls_by_command
import dataaccounts.demo.parts
import dataaccounts.importing
import dataaccounts.lists.accounts
import dataaccounts.lists.of_customers
import dataaccounts.lists.packages
import dataaccounts.lists.voice_lines
import dataaccounts.lists.vouchers
import dataaccounts.live
import dataaccounts.menus
import dataaccounts.moving
import dataaccounts.outages
import dataaccounts.own_parts
import dataaccounts.personal
import dataaccounts.reporting
import dataaccounts.rights.accounts
import dataaccounts.rights.allowances
import dataaccounts.rights.radius
import dataaccounts.rights.sources
import dataaccounts.rights.usage
import dataaccounts.rights.voice
import dataaccounts.rights.voice_desk
import dataaccounts.sources
import dataaccounts.standing
import dataaccounts.usage_jobs
import dataaccounts.voice_setup  # noqa: F401
