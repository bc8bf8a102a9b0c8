import requests
from django.contrib.auth import get_user_model
from django.core.cache import cache


class WhatsAppBridge:
    """Meta's webhook calls ``on_message``; the words go to the bot, the answer back to the phone."""

    def __init__(self, bot, phone_id, token):
        self.bot = bot
        self.endpoint = f"https://graph.facebook.com/v19.0/{phone_id}/messages"
        self.token = token

    def on_message(self, number, body):
        conversation = cache.get(f"wa:{number}")
        if conversation is None:
            customer = get_user_model().objects.get(profile__mobile=number)
            conversation = self.bot.open(customer, topic="WhatsApp")
            cache.set(f"wa:{number}", conversation, 24 * 3600)
        reply = self.bot.say(conversation, body)
        requests.post(
            self.endpoint,
            headers={"Authorization": f"Bearer {self.token}"},
            json={
                "messaging_product": "whatsapp",
                "to": number,
                "text": {"body": reply.text},
            },
            timeout=10,
        )

    def on_hangup(self, number):
        conversation = cache.get(f"wa:{number}")
        if conversation:
            self.bot.close(conversation)
            cache.delete(f"wa:{number}")
