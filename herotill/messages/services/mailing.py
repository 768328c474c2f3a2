"""Mail: letters handed to the mail server, one by one over one line."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from email.utils import parseaddr
from smtplib import (
    SMTPConnectError,
    SMTPDataError,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
)
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils.html import escape

from herotill import outward
from herotill.errors import DomainError
from herotill.messages import envelopes
from herotill.messages.models import Message
from herotill.messages.policies import rendering
from herotill.messages.services import claiming, consent, naming
from herotill.messages.services.preparing import Letter, letters, sealed

log = logging.getLogger(__name__)
UNREACHABLE = "The mail server could not be reached."
REFUSED = "The mail server refused it ({code})."
UNCERTAIN = "The line to the mail server broke. It may have gone out."
BROKEN = "It could not be put together ({kind}). The log tells more."


class _Line:
    """A line to the mail server for many letters; a broken one is opened anew for the next."""

    def __init__(self) -> None:
        self.connection = get_connection()
        self.whole = False

    def open(self) -> None:
        if not self.whole:
            self.connection.close()
            self.connection.open()
            self.whole = True

    def close(self) -> None:
        self.connection.close()
        self.whole = False


def send(*, messages: Sequence[Message], now: datetime) -> int:
    """Send what is ready; returns how many went out. Every outcome is written down as it comes."""
    outward.ask()
    ready, line, total = letters(messages, now=now), _Line(), 0
    for place, letter in enumerate(ready):
        try:
            line.open()
        except (OSError, SMTPException) as trouble:
            _all_stay(ready[place:], trouble, now)
            break
        total += _send(letter, line, now)
    line.close()
    return total


def _all_stay(ready: Sequence[Letter], trouble: Exception, now: datetime) -> None:
    """Nothing was begun: each counts one try and waits."""
    log.warning("Mail waits: %s", type(trouble).__name__)
    for one in claiming.begin(messages=[each.message for each in ready], gateway="mail", now=now):
        claiming.not_sent(one, why=UNREACHABLE, now=now, retry=True)


def _send(letter: Letter, line: _Line, now: datetime) -> int:
    message = letter.message
    if not claiming.begin(messages=[message], gateway=settings.MAIL_SERVICE or "mail", now=now):
        return 0
    try:
        mail = _mail(sealed(letter, now=now), line.connection)
    except DomainError as no:
        claiming.void(message, why=str(no))
        return 0
    except Exception as trouble:
        log.exception("Message %s could not be put together.", message.pk)
        claiming.not_sent(message, why=BROKEN.format(kind=type(trouble).__name__), now=now, retry=True)
        return 0
    return _hand_over(letter, mail, line, now)


def _hand_over(letter: Letter, mail: EmailMultiAlternatives, line: _Line, now: datetime) -> int:
    message = letter.message
    try:
        mail.send()
    except (OSError, SMTPException) as trouble:
        line.whole = _refused(message, trouble, now)
    except Exception as trouble:
        _service_said_no(message, trouble, now)
    else:
        claiming.sent(message, now=now, gateway_id=_id(mail), **_words(letter))
        return 1
    return 0


def _words(letter: Letter) -> dict[str, Any]:
    """What is kept of the text: with "[link]" for what was secret."""
    return {"subject": letter.kept_subject, "body": letter.kept_text, "version": letter.wording[2]}


def _refused(message: Message, trouble: Exception, now: datetime) -> bool:
    """A server's no: for now or for good by its code, and the line is whole. Other trouble leaves the end open."""
    code = _code(trouble)
    if code is None:
        log.warning("Message %s: %s", message.pk, type(trouble).__name__)
        claiming.uncertain(message, why=UNCERTAIN, now=now, repeatable=False)
        return False
    claiming.not_sent(message, why=REFUSED.format(code=code), now=now, retry=400 <= code < 500)
    return code != 421


def _code(trouble: Exception) -> int | None:
    if isinstance(trouble, SMTPRecipientsRefused):
        return min(int(code) for code, _ in trouble.recipients.values())
    if isinstance(trouble, SMTPSenderRefused | SMTPDataError | SMTPConnectError | SMTPHeloError):
        return int(trouble.smtp_code)
    return 550 if isinstance(trouble, SMTPNotSupportedError) else None


def _service_said_no(message: Message, trouble: Exception, now: datetime) -> None:
    """What a mail service's interface raised: it says by a status whether it took anything."""
    status = getattr(trouble, "status_code", None)
    log.warning("Message %s: %s %s", message.pk, type(trouble).__name__, status)
    if status is None or status >= 500:
        claiming.uncertain(message, why=UNCERTAIN, now=now, repeatable=False)
    else:
        claiming.not_sent(message, why=REFUSED.format(code=status), now=now, retry=status == 429)


def _id(mail: Any) -> str:
    """How reports will name it: the service's id, or our own Message-ID."""
    status = getattr(mail, "anymail_status", None)
    return str(getattr(status, "message_id", "") or mail.extra_headers["Message-ID"])[:200]


def _mail(letter: Letter, connection: Any) -> EmailMultiAlternatives:
    worn = envelopes.dress(letter.message)
    mail = EmailMultiAlternatives(
        letter.subject,
        f"{worn.above}\n\n{letter.text}" if worn.above else letter.text,
        from_email=worn.sender or None,
        to=[letter.message.address],
        reply_to=[worn.reply_to] if worn.reply_to else None,
        connection=connection,
        headers={name: value for name, value in {**_headers(letter), **worn.headers}.items() if value},
    )
    html = f"<p>{escape(worn.above)}</p>\n{letter.html}" if worn.above else letter.html
    mail.attach_alternative(rendering.document(letter.subject, html), "text/html")
    for file in letter.attachments:
        mail.attach(file.filename, file.content, file.content_type)
    return mail


def _headers(letter: Letter) -> dict[str, str]:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    headers = {"Message-ID": naming.message_id(letter.message.pk, domain)}
    if letter.template.marketing:
        way_out = consent.at_once_link(letter.message.channel, letter.message.address)
        headers |= {"List-Unsubscribe": f"<{way_out}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    else:
        headers |= {"Auto-Submitted": "auto-generated"}
    return headers
