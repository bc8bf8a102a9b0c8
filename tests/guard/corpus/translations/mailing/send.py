from core import Registry
from mailing.MailPhrases import MailPhrases
from mailing.MailTemplate import MailTemplate
from mailing.smtp import deliver

phrases = MailPhrases("db3", "mailing", open("/etc/hotel/mailing.pw").read().strip())


def sendConfirmation(guest, booking):
    body = MailTemplate("confirm").fill(
        hello=phrases.salutation(guest),
        text=phrases.phrase("CONFIRMED", guest.lang, hotel=booking.hotel.name),
        terms=Registry.catalog().getText("terms.short", guest.lang),
    )
    deliver(guest.email, phrases.phrase("SUBJECT_CONFIRM", guest.lang), body)
