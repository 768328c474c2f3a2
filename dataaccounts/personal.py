"""What data accounts know of a person."""

from customers.anonymising import Personal, personal
from dataaccounts.services import blanking

personal.register(
    Personal(name="sessions", what="Sessions, log-ins and reports of use", blank=blanking.sessions, order=30)
)
personal.register(
    Personal(
        name="data-accounts",
        what="User names, devices and passwords; what was used stays as figures",
        blank=blanking.accounts,
        waits=blanking.who_waits,
        lasts=blanking.last_days,
        order=40,
    )
)
