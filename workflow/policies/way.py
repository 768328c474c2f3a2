"""The way of a lead through its lists: what comes after what."""

from __future__ import annotations

WAY = (
    "lead-new",
    "lead-worked",
    "survey-new",
    "survey-scheduled",
    "survey-done",
    "quote-new",
    "quote-sent",
    "quote-declined",
    "customer-new",
    "customer-active",
    "job-new",
    "job-scheduled",
    "job-started",
    "job-failed",
    "invoice-new",
    "won",
)
# What stands before the dash of a list's key, and the phase that it belongs to.
PHASES = {
    "lead": "leads",
    "survey": "surveys",
    "quote": "quotes",
    "customer": "customers",
    "job": "jobs",
    "invoice": "invoicing",
}
# For each list the next one whose gates a lead there has to work for.
AIMS = {
    "lead-new": "quote-new",
    "lead-worked": "quote-new",
    "survey-new": "survey-done",
    "survey-scheduled": "survey-done",
    "survey-done": "quote-new",
    "quote-new": "customer-new",
    "quote-sent": "customer-new",
    "quote-declined": "customer-new",
    "customer-new": "customer-active",
    "customer-active": "job-new",
    "job-new": "invoice-new",
    "job-scheduled": "invoice-new",
    "job-started": "invoice-new",
    "job-failed": "invoice-new",
    "invoice-new": "won",
}
# Where somebody here has to do something; in the others we wait for the customer or for a day.
TO_DO = (
    "lead-new",
    "lead-worked",
    "survey-new",
    "survey-done",
    "quote-new",
    "customer-new",
    "customer-active",
    "job-new",
    "job-failed",
    "invoice-new",
)
# Where leads move on by themselves as soon as nothing is missing any more.
BY_ITSELF = {"customer-active": "job-new", "invoice-new": "won"}

# Where a lead comes by what is done, so that list and thing never disagree; nobody just puts it there.
BY_DEED = {
    "survey-scheduled": "A lead comes here when its survey is scheduled.",
    "survey-done": "A lead comes here when what the survey found is written down.",
    "quote-sent": "A lead comes here when its quote is sent.",
    "quote-declined": "A lead comes here when its quote is declined.",
    "job-scheduled": "A lead comes here when its job is scheduled.",
    "job-started": "A lead comes here when the technician begins.",
    "job-failed": "A lead comes here when its job has failed.",
    "won": "A lead is won when its first invoice is issued.",
    "lost": "A lead is lost for a reason: use Lose on its page.",
}
# What has come to nothing is so whatever is missing.
UNASKED = ("job-failed",)
# Where lost leads come back to whose survey, quote or job ended with them: there it is begun anew.
BROUGHT_BACK = {
    "survey-scheduled": "survey-new",
    "quote-sent": "quote-new",
    "quote-declined": "quote-new",
    "job-scheduled": "job-new",
    "job-started": "job-new",
    "job-failed": "job-new",
}
# Where the deed of a row brings its lead.
DEED_LEADS_TO = {
    "survey-new": "survey-scheduled",
    "survey-scheduled": "survey-done",
    "quote-new": "quote-sent",
    "customer-new": "customer-active",
    "customer-active": "job-new",
    "job-new": "job-scheduled",
    "job-scheduled": "job-started",
    "job-failed": "job-scheduled",
    "invoice-new": "won",
}


def up_to(place: str) -> tuple[str, ...]:
    """The lists on the way to this one, itself the last; a lead must pass the gates of all of them."""
    return WAY[: WAY.index(place) + 1] if place in WAY else ()


def is_back(here: str, there: str) -> bool:
    """Whether `there` comes before `here`, which needs no gate."""
    return there in WAY and here in WAY and WAY.index(there) <= WAY.index(here)
