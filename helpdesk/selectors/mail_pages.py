"""What is read for the pages of mail."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString

from customers.models import Customer
from helpdesk.models import InboundMail, Post, PostFile
from helpdesk.policies import tickets as policy
from helpdesk.policies.mail import cleaning, outcome
from helpdesk.policies.mail.known import Judgement
from helpdesk.selectors import inbound

PICTURES = {
    "image/png": b"\x89PNG",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF8",
    "image/webp": b"RIFF",
}
_CID = re.compile(r'src="cid:([^"]*)"')
LARGEST = 5_000_000
SHOWN = 1_000_000  # octets of a message that are read for its page


@dataclass(frozen=True, slots=True)
class Content:
    """What is shown of a message; not `whole` where it is so long that only its beginning is."""

    text: str
    attachments: Sequence[str]
    refused: Sequence[tuple[str, str]]
    whole: bool


def content(mail: InboundMail) -> Content | None:
    """What a message says; None where it is kept no longer, or cannot be read."""
    if not is_kept(mail):
        return None
    house = inbound.house()
    with mail.raw.open() as file:
        read = outcome.read(file.read(SHOWN), house)
    if isinstance(read, Judgement):
        return None
    shown = outcome.shown_as(read, house=house, now=mail.received_at)
    names = [one.name for one in shown.attachments]
    refused = [(name, reason.replace("_", " ")) for name, reason in shown.refused_attachments]
    text = shown.text or ""
    whole = mail.size <= SHOWN and len(text) <= policy.TEXT
    return Content(text[: policy.TEXT], names, refused, whole)


def found_by(mails: QuerySet[InboundMail], text: str, limit: int) -> set[int]:
    """The newest of these mails whose sender begins so, and whose subject does; each by its own index."""
    newest, said = mails.order_by("-pk").values_list("pk", flat=True), text.strip()
    by_sender = newest.filter(sender__startswith=said.lower())[:limit]
    return {*by_sender, *newest.filter(subject__istartswith=said)[:limit]}


def is_kept(mail: InboundMail) -> bool:
    """Whether the message is still there as it came."""
    return bool(mail.raw.name) and mail.raw.storage.exists(str(mail.raw.name))


def candidates(mail: InboundMail) -> Sequence[Customer]:
    """Whose contact the sender may be."""
    return list(Customer.objects.filter(pk__in=mail.candidates).order_by("code")) if mail.candidates else []


def with_pictures(post: Post) -> SafeString:
    """The cleaned HTML of a post with the pictures that came with it; cleaned once more, whoever wrote the row."""
    urls = {
        file.content_id: reverse("helpdesk:mail-picture", args=[post.pk, file.pk])
        for file in post.files.exclude(content_id="").filter(content_type__in=PICTURES)
    }

    def shown(found: re.Match[str]) -> str:
        url = urls.get(found[1].replace("&amp;", "&"))
        return f'src="{escape(url)}"' if url else ""

    return SafeString(_CID.sub(shown, cleaning.cleaned(post.html)))


def picture(post: int, file: int) -> PostFile | None:
    """A picture of a mail; None for a file that is none, whatever it says of itself."""
    found = PostFile.objects.filter(post_id=post, pk=file, content_type__in=PICTURES).exclude(content_id="")
    one = found.filter(size__lte=LARGEST).first()
    if one is None:
        return None
    with one.file.open() as opened:
        return one if opened.read(4).startswith(PICTURES[one.content_type]) else None
