from __future__ import annotations

import logging

import simple_salesforce
from postal.expand import expand_address
from postal.parser import parse_address

from geoflow.utils.contact import EmailAddressValidator, PhoneNormaliser

log = logging.getLogger("crm")


class AddressFixer:
    """Sales' own clean-up of mailing addresses, by libpostal.

    Salesforce hands us one free-text field; we split it, expand the
    abbreviations, and refuse what has no road or no postcode.
    """

    NEEDED = ("road", "postcode", "city")

    def __init__(self, languages=("en", "nl", "de")):
        self.languages = list(languages)
        self.refused = []

    def split(self, text):
        return {label: value for value, label in parse_address(text)}

    def is_ok(self, parts):
        return all(parts.get(label) for label in self.NEEDED)

    def fix(self, text):
        variants = expand_address(text, languages=self.languages)
        parts = self.split(variants[0] if variants else text)
        if not self.is_ok(parts):
            self.refused.append(text)
            return None
        return {
            "MailingStreet": f"{parts.get('house_number', '')} {parts['road']}".strip().title(),
            "MailingCity": parts["city"].title(),
            "MailingPostalCode": parts["postcode"].upper(),
        }


def sync_contacts(session: simple_salesforce.Salesforce) -> None:
    fixer, phones, emails = AddressFixer(), PhoneNormaliser(), EmailAddressValidator()
    for contact in session.query_all(
        "SELECT Id, Address__c, Phone, Email FROM Contact"
    )["records"]:
        fixed = fixer.fix(contact["Address__c"] or "")
        if fixed is None:
            continue
        fixed["Phone"] = phones.normalise(contact["Phone"])
        if emails.validate(contact["Email"]):
            fixed["Email"] = emails.normalise(contact["Email"])
        session.Contact.update(contact["Id"], fixed)
    log.info("%d addresses refused", len(fixer.refused))
