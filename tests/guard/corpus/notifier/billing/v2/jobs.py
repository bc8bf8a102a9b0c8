from django.conf import settings

from billing.models import Invoice
from billing.v2.contact import DebtorContact


def nightly_reminders():
    contact = DebtorContact(
        settings.LETTER_API, settings.LETTER_KEY, settings.SMS_GATEWAY_URL
    )
    return sum(contact.remind(invoice) for invoice in Invoice.objects.overdue())
