import io

import qrcode
from django.core.mail import EmailMessage
from django.db import transaction

from events.models import Ticket


class TicketIssuer:
    """Gives a visitor a seat, and the QR code that opens the gate."""

    def __init__(self, event):
        self.event = event

    @transaction.atomic
    def issue(self, visitor):
        seat = self.event.seats.select_for_update().filter(ticket=None).first()
        ticket = Ticket.objects.create(event=self.event, seat=seat, visitor=visitor)
        ticket.code = f"{self.event.slug}-{ticket.pk:05d}"
        ticket.save(update_fields=["code"])
        return ticket

    def write(self, ticket):
        out = io.BytesIO()
        qrcode.make(ticket.code).save(out, "PNG")
        return out.getvalue()

    def send(self, ticket):
        mail = EmailMessage(
            "Your ticket", f"Seat {ticket.seat}", to=[ticket.visitor.email]
        )
        mail.attach(f"{ticket.code}.png", self.write(ticket), "image/png")
        mail.send()
