"""What the API adds to the shell."""

from herotill import events, outward, retention
from herotill.api.services import keeping, letting_go, owing, telling, tokens, webhooks
from herotill.api.services.owing import SENDS
from herotill.jobs import Job, Queue, jobs
from herotill.menu import MenuEntry, menu
from herotill.users import sessions
from herotill.users.grants import right

TOKENS = "Setup: API tokens"
right("api.make_token", "make tokens for programs, within their own rights", screen=TOKENS, to=("manager",))
right("api.see_tokens", "see everybody's tokens", screen=TOKENS, to=("manager",))
right("api.revoke_tokens", "revoke the tokens of others", screen=TOKENS, to=("manager",))
sessions.also_ends.register(sessions.AlsoEnds("tokens", tokens.revoke_all))

menu.register(
    MenuEntry(
        "setup.tokens",
        "API tokens",
        "api-tokens",
        "api.make_token",
        "key",
        860,
        parent="setup",
        about="What lets other programs in, for what, and until when.",
    )
)
retention.kinds.register(
    retention.Kept(
        name="api-answers",
        title="Answers of the API, kept for requests sent twice",
        period=lambda rules: "7 days",
        forget=keeping.forget,
        order=60,
    )
)

HOOKS = "Setup: webhooks"
right("api.see_webhooks", "see webhooks and what they told", screen=HOOKS, to=("manager",))
right("api.change_webhooks", "set up, pause and remove webhooks, and tell anew", screen=HOOKS)
menu.register(
    MenuEntry(
        "setup.webhooks",
        "Webhooks",
        "webhooks",
        "api.see_webhooks",
        "megaphone",
        861,
        parent="setup",
        about="Programs that are told what happened.",
    )
)
events.askers.register(events.Asker("webhooks", owing.wanted))
jobs.register(
    Job(
        name=SENDS,
        title="Tells other programs what happened",
        queue=Queue.NETWORK,
        task=telling.send_due,
        schedule="every minute",
        order=60,
    )
)
retention.kinds.register(
    retention.Kept(
        name="webhook-log",
        title="What webhooks were told",
        period=lambda rules: "30 days",
        forget=webhooks.forget,
        order=61,
    )
)
retention.kinds.register(
    retention.Kept(
        name="asked-facts",
        title="What happened, where only programs asked for it",
        period=lambda rules: "92 days, longer while one is still to be told",
        forget=letting_go.forget,
        order=62,
    )
)
outward.owed.register(outward.Owed("webhooks", "What webhooks are told", telling.waiting, order=60))
