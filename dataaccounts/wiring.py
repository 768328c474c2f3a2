"""What data accounts add to the shell and to screens of others; each slice's module is imported here."""

import dataaccounts.menus  # noqa: F401
