"""What the API adds to the shell."""

from herotill import retention
from herotill.api.services import keeping
from herotill.jobs import Job, Queue, jobs
from herotill.menu import MenuEntry, menu
from herotill.users.grants import right

TOKENS = "Setup: API tokens"
right("api.make_token", "make tokens for programs, within their own rights", screen=TOKENS, to=("manager",))
right("api.see_tokens", "see everybody's tokens", screen=TOKENS, to=("manager",))
right("api.revoke_tokens", "revoke the tokens of others", screen=TOKENS, to=("manager",))

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
