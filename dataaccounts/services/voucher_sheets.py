"""The sheet of a batch's codes, and the record of who took it."""

from __future__ import annotations

from datetime import date
from typing import cast

from dataaccounts.models import Voucher, VoucherBatch
from dataaccounts.pdf import vouchers as printed
from dataaccounts.pdf.vouchers import Ticket
from dataaccounts.policies.voucher_codes import grouped
from herotill.models import Export
from herotill.reference.selectors.company import company
from herotill.secrets import Secret, decrypt
from herotill.users.models import User


def _secret(voucher: Voucher) -> Secret:
    return cast(Secret, voucher.code)


def sheet(*, batch: VoucherBatch, actor: User, day: date) -> bytes:
    """The PDF of the vouchers of a batch that are not redeemed yet. Whoever calls has asked for the right."""
    waiting = batch.vouchers.filter(redeemed_at=None).order_by("number")
    tickets = [
        Ticket(f"{batch.pk}-{one.number}", grouped(decrypt(_secret(one).token)), str(batch.offer))
        for one in waiting
    ]
    Export.objects.create(
        list_name="vouchers",
        person=actor,
        query=f"batch={batch.pk}",
        columns=["Code"],
        file_format="pdf",
        rows=len(tickets),
    )
    return printed.render(company().name, str(batch), tickets, batch.expires_on, day)
