"""Netcash's web services (NIWS), SOAP by hand: a few methods, each with one text as its answer.

A question is asked again where no answer came; a deed never is. NotSent says that nothing happened there,
Uncertain that something may have: then the caller looks before it tries again.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar
from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from herotill.errors import IntegrationError
from herotill.integrations.http import BUSY, Answer, Caller, NotSent, Uncertain
from herotill.integrations.netcash import BatchStatus, Debit, Keys, LoadReport, Refused, statuses
from herotill.integrations.netcash import reports as load_reports
from herotill.integrations.netcash.words import AUTHORISING, CHECKS, CODES, FAILED, word

NIF, VALIDATION = "INIWS_NIF", "INIWS_Validation"
PATHS = {NIF: "/NIWS/niws_nif.svc", VALIDATION: "/NIWS/niws_validation.svc"}
SECONDS, LARGEST = 30.0, 50_000_000
TRIES, WAITS = 3, (2.0, 5.0, 15.0)
NOT_READY, NO_CHANGE = "FILE NOT READY", "NO CHANGE"
CODE = re.compile(r"\d{1,3}")
TOKEN = re.compile(r"[A-Za-z0-9.{}-]{6,60}")
Found = TypeVar("Found")
Parameters = Sequence[tuple[str, str]]


class Netcash:
    """One merchant there, known by its keys. `sleep` waits between two questions."""

    def __init__(
        self,
        keys: Keys,
        base: str,
        *,
        sleep: Callable[[float], None] = time.sleep,
        seconds: float = SECONDS,
    ) -> None:
        headers = {"Accept": "text/xml", "Content-Type": "text/xml; charset=utf-8"}
        self.keys, self.sleep = keys, sleep
        self.caller = Caller("Netcash", base, headers=headers, seconds=seconds, largest=LARGEST)

    def upload(self, file: str) -> str:
        """Hand a file in, key and all; its token. Raises NotSent where it was refused, else Uncertain."""
        return self._token(self._deed("BatchFileUpload", [("File", file)]))

    def report(self, token: str) -> LoadReport | None:
        """What became of a file; none while it is not read yet."""
        said = self._question("RequestFileUploadReport", [("FileToken", token)])
        return None if said.upper() == NOT_READY else _readable(load_reports.read, said)

    def batches(self, count: int = 10) -> list[BatchStatus]:
        """The newest batches there, with their states."""
        if count <= 10:
            return _readable(statuses.read, self._question("RetrieveBatchStatus", []))
        return _readable(
            statuses.read, self._question("RetrieveMultipleBatchStatus", [("NumberOfBatches", str(count))])
        )

    def find(self, name: str) -> BatchStatus | None:
        """A batch by its name: the newest of this name, none where there is none."""
        found = next((one for one in self.batches() if one.name == name), None)
        if found:
            return found
        asked = [("BatchName", name)]
        said = _readable(
            statuses.read, self._question("RetrieveSpecificBatchStatus", asked, none=("102", "320", ""))
        )
        return next((one for one in said if one.name == name), None)

    def authorise(self, guid: str) -> None:
        """Let a batch go. Raises NotSent in words where Netcash says no."""
        no = "false"
        said = self._deed(
            "RequestBatchAuthorise",
            [
                ("BatchIndicator", guid),
                ("SendEmail", no),
                ("FromName", ""),
                ("FromAddress", ""),
                ("SendSMS", no),
                ("ReleaseFunds", no),
                ("BankTransfer", no),
            ],
        )
        if said in AUTHORISING:
            raise NotSent(AUTHORISING[said], retry=False)
        if CODE.fullmatch(said) and int(said) != 0:
            raise Uncertain(f"Netcash answered {said} when it was asked to authorise.")

    def action_date(self, day: date, instruction: str, *, forward: bool = True) -> date:
        """The action date that would count for a file with this one."""
        asked = [
            ("Date", f"{day:%Y%m%d}"),
            ("Instruction", instruction),
            ("ForwardActionDate", _bool(forward)),
        ]
        said = self._question("RequestActionDate", asked)
        try:
            return date.fromisoformat(re.sub(r"\D", "", said)[:8])
        except ValueError:
            raise Uncertain("Netcash gave no action date.") from None

    def ask_statement(self, day: date | None) -> str:
        """Have the statement of a day made ready, or what stands so far today; under what it is fetched."""
        if day is None:
            return self._token(self._question("RequestInterimMerchantStatement", [], account=True))
        asked = [("FromActionDate", f"{day:%Y%m%d}")]
        return self._token(self._question("RequestMerchantStatement", asked, account=True))

    def fetch_statement(self, polling_id: str) -> str | None:
        """The statement as it came; none while it is not ready, empty where nothing is new on it."""
        said = self._question("RetrieveMerchantStatement", [("PollingId", polling_id)], account=True)
        if said.upper() == NOT_READY:
            return None
        return "" if said.upper() == NO_CHANGE else said

    def statement(self, day: date | None) -> str | None:
        """Ask for a statement, of today without a day, and wait a little; none where it takes longer."""
        polling_id = self.ask_statement(day)
        return self.waited(lambda: self.fetch_statement(polling_id))

    def waited(self, ask: Callable[[], Found | None]) -> Found | None:
        """Ask until there is an answer, each time after a longer while."""
        for seconds in (0.0, *WAITS):
            if seconds:
                self.sleep(seconds)
            if (found := ask()) is not None:
                return found
        return None

    def check_account(self, debit: Debit) -> str:
        """What is wrong with an account number by its bank's check digits; nothing where it may exist."""
        asked = [
            ("AccountNumber", debit.number),
            ("BranchCode", debit.branch_code),
            ("AccountType", debit.account_type),
        ]
        said = self._question(
            "ValidateBankAccount", asked, account=True, service=VALIDATION, raw=("1", "2", "3", "4")
        )
        return CHECKS.get(said, "") if said != "0" else ""

    # --- one call -----------------------------------------------------------------------------------

    def _question(
        self,
        method: str,
        parameters: Parameters,
        *,
        account: bool = False,
        service: str = NIF,
        raw: Sequence[str] = (),
        none: Sequence[str] = (),
    ) -> str:
        """Ask, up to three times. A code of trouble is raised; those of `none` are an empty answer."""
        for attempt in range(1, TRIES + 1):
            try:
                said = self._call(method, parameters, account=account, service=service)
            except IntegrationError as trouble:
                if attempt == TRIES or not trouble.retry:
                    raise
                self.sleep(0.3 * attempt)
                continue
            if said in none:
                return ""
            if said not in raw:
                _raise(said)
            return said
        raise AssertionError("unreachable")

    def _deed(self, method: str, parameters: Parameters) -> str:
        said = self._call(method, parameters)
        _raise(said)
        return said

    def _call(self, method: str, parameters: Parameters, *, account: bool = False, service: str = NIF) -> str:
        key = self.keys.account if account else self.keys.debit
        if not key:
            raise NotSent("The service key is missing; Setup, Debit-order service.", retry=False)
        answer = self.caller.post(
            PATHS[service],
            data=_envelope(method, [("ServiceKey", key), *parameters]),
            headers={"SOAPAction": f'"http://tempuri.org/{service}/{method}"'},
        )
        if not answer.ok:
            raise Uncertain(f"Netcash answered {answer.status}.", retry=answer.status in BUSY)
        return _result(answer, method)

    def _token(self, said: str) -> str:
        if TOKEN.fullmatch(said) is None:
            raise Uncertain("Netcash gave an answer that cannot be read.")
        return said


def _envelope(method: str, parameters: Parameters) -> bytes:
    inside = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in parameters)
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f'<{method} xmlns="http://tempuri.org/">{inside}</{method}></s:Body></s:Envelope>'
    ).encode()


def _result(answer: Answer, method: str) -> str:
    """The text of `<MethodResult>`. Raises Uncertain where there is none."""
    try:
        found = fromstring(answer.content).find(f".//{{http://tempuri.org/}}{method}Result")
    except (ParseError, DefusedXmlException, ValueError):
        found = None
    if found is None:
        raise Uncertain("Netcash gave an answer that cannot be read.")
    return (found.text or "").strip()


def _raise(said: str) -> None:
    """What an answer that is a code of trouble means."""
    if said == FAILED:
        raise Uncertain(CODES[FAILED])
    if said in CODES:
        raise NotSent(word(said), retry=False)


def _readable(read: Callable[[str], Found], said: str) -> Found:
    try:
        return read(said)
    except Refused as no:
        raise Uncertain(str(no), retry=False) from no


def _bool(value: bool) -> str:
    return "true" if value else "false"
