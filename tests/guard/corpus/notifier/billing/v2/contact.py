from datetime import date

import requests
from django.core.mail import send_mail

from billing.models import ContactLog, Debtor


class DebtorContact:
    def __init__(self, letter_api, letter_key, sms_url):
        self.letter_api = letter_api
        self.letter_key = letter_key
        self.sms_url = sms_url

    def reach(self, debtor: Debtor, subject: str, text: str) -> bool:
        """Write to the customer by the ways ticked in the billing profile: mail, sms, paper."""
        reached = False
        for way in debtor.contact_ways.split(","):
            if way == "mail":
                reached |= bool(
                    send_mail(
                        subject, text, "billing@shop.example", [debtor.user.email]
                    )
                )
            elif way == "sms":
                reached |= requests.post(
                    self.sms_url, json={"to": debtor.mobile, "text": text[:300]}
                ).ok
            elif way == "paper":
                body = {"address": debtor.address_lines(), "text": text}
                reached |= requests.post(
                    self.letter_api, json=body, auth=("api", self.letter_key)
                ).ok
            ContactLog.objects.create(
                debtor=debtor, way=way, subject=subject, ok=reached
            )
        return reached

    def remind(self, invoice):
        days = (date.today() - invoice.due).days
        return self.reach(
            invoice.debtor,
            "Reminder: invoice %s" % invoice.number,
            "Invoice %s over %s is %d days overdue."
            % (invoice.number, invoice.total, days),
        )
