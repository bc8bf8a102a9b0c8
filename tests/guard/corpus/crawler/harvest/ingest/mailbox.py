import email
import imaplib


class MailFetcher:
    """Takes the newsletters out of the IMAP mailbox."""

    def __init__(self, host, user, password):
        self.box = imaplib.IMAP4_SSL(host)
        self.box.login(user, password)

    def fetch(self, folder="INBOX"):
        self.box.select(folder)
        _, (ids,) = self.box.search(None, "UNSEEN")
        for number in ids.split():
            _, parts = self.box.fetch(number, "(RFC822)")
            yield email.message_from_bytes(parts[0][1])

    def close(self):
        self.box.logout()
