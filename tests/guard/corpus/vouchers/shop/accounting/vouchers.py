from decimal import Decimal

from django.db import transaction

from shop.accounting.models import JournalEntry, JournalLine
from shop.accounting.periods import current_period


class PaymentVoucherService:
    """Accounting vouchers: the paper behind each posting in the ledger.

    A voucher is issued for a supplier's bill, approved by a second person,
    and then posted to the journal.
    """

    def __init__(self, approver_limit=Decimal("5000")):
        self.approver_limit = approver_limit

    @transaction.atomic
    def issue(self, supplier, amount, account, memo=""):
        entry = JournalEntry.objects.create(
            period=current_period(),
            reference=supplier.number,
            memo=memo,
            status="draft",
        )
        JournalLine.objects.create(entry=entry, account=account, debit=amount)
        JournalLine.objects.create(entry=entry, account=supplier.account, credit=amount)
        return entry

    def approve(self, entry, user):
        if entry.created_by_id == user.pk:
            raise PermissionError("four eyes, please")
        if entry.total() > self.approver_limit and not user.has_perm("accounting.big"):
            raise PermissionError("above your limit")
        entry.status = "approved"
        entry.save(update_fields=["status"])

    def post(self, entry):
        entry.status = "posted"
        entry.posted_period = current_period()
        entry.save()

    def void(self, entry):
        entry.reverse()
