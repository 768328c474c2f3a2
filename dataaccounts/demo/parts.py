"""The parts of the demo that are data accounts'."""

from dataaccounts.demo.accounts import make_accounts
from dataaccounts.demo.catalogue import make_catalogue
from dataaccounts.demo.network import make_network
from dataaccounts.demo.sessions import make_sessions
from dataaccounts.demo.trouble import make_outages
from dataaccounts.demo.usage import make_usage
from dataaccounts.demo.voice import make_voice
from dataaccounts.demo.wishes import make_wishes
from herotill.demo import DemoPart, demo_parts

demo_parts.register(DemoPart("packages", make_catalogue, order=17))
demo_parts.register(DemoPart("routers and sectors", make_network, order=22))
demo_parts.register(DemoPart("data accounts", make_accounts, order=24))
demo_parts.register(DemoPart("usage", make_usage, order=79))
demo_parts.register(DemoPart("sessions", make_sessions, order=80))
demo_parts.register(DemoPart("outages", make_outages, order=28))
demo_parts.register(DemoPart("packages asked for", make_wishes, order=87))
demo_parts.register(DemoPart("telephone lines and calls", make_voice, order=86))
