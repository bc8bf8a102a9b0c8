from django.conf import settings
from django.db import models
from django.utils import timezone


class ChatLine(models.Model):
    room = models.CharField(max_length=40, db_index=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    text = models.TextField()
    sent = models.DateTimeField(default=timezone.now)


class LiveChat:
    """Customers talk to a clerk. Finds a free clerk and carries the lines to and fro."""

    def __init__(self, channel_layer):
        self.layer = channel_layer

    def open(self, customer, topic=""):
        from contact.models import Clerk

        clerk = (
            Clerk.objects.filter(online=True, busy=False).order_by("last_chat").first()
        )
        if clerk is None:
            return None
        clerk.busy = True
        clerk.save(update_fields=["busy"])
        return f"{clerk.pk}-{customer.pk}"

    def say(self, room, author, text):
        line = ChatLine.objects.create(room=room, author=author, text=text)
        self.layer.group_send(
            f"chat.{room}", {"type": "chat.line", "id": line.pk, "text": text}
        )
        return line

    def transcript(self, room):
        return list(
            ChatLine.objects.filter(room=room)
            .order_by("sent")
            .values_list("author__username", "text")
        )

    def close(self, room):
        from contact.models import Clerk

        Clerk.objects.filter(pk=room.split("-")[0]).update(
            busy=False, last_chat=timezone.now()
        )
