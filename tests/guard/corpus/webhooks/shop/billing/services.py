from django.db import transaction

from shop.billing.invoice_hooks import InvoicePushService
from shop.hooks.errors import HookError
from shop.mail.dispatch import MailDispatcher
from shop.ops.slack import OpsSlackNotifier


@transaction.atomic
def issue(invoice):
    invoice.issue()
    MailDispatcher().publish(invoice.merchant, "invoice_issued", {"invoice": invoice})
    try:
        InvoicePushService().invoice_issued(invoice)
    except HookError as error:
        OpsSlackNotifier().send(
            "Bookkeeping push for %s failed: %s" % (invoice.number, error)
        )
