"""What data accounts know of a person."""

from customers.anonymising import Personal, personal
from dataaccounts.services import blanking, voice_blanking

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
personal.register(
    Personal(
        name="voice-lines",
        what="Numbers of voice lines and whom they called; what calls cost stays as figures",
        blank=voice_blanking.lines,
        waits=voice_blanking.who_waits,
        lasts=voice_blanking.last_days,
        order=45,
    )
)
