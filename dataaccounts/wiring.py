"""What data accounts add to the shell and to screens of others; each slice's module is imported here."""

import dataaccounts.allowing
import dataaccounts.lists.accounts
import dataaccounts.lists.packages
import dataaccounts.live
import dataaccounts.menus
import dataaccounts.rights.accounts
import dataaccounts.rights.allowances
import dataaccounts.rights.radius
import dataaccounts.rights.usage
import dataaccounts.standing  # noqa: F401
