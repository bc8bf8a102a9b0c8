import requests
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from .exceptions import ChannelDown


class EmailChannel:
    name = "email"

    def deliver(self, user, subject, body):
        message = EmailMultiAlternatives(
            subject, body, settings.DEFAULT_FROM_EMAIL, [user.email]
        )
        try:
            message.send()
        except OSError as exc:
            raise ChannelDown(self.name, exc) from exc


class SmsChannel:
    name = "sms"

    def deliver(self, user, subject, body):
        response = requests.post(
            settings.SMS_GATEWAY_URL,
            json={"to": user.profile.phone, "text": body[:160]},
            headers={"Authorization": "Bearer " + settings.SMS_GATEWAY_TOKEN},
            timeout=10,
        )
        if response.status_code >= 400:
            raise ChannelDown(self.name, response.text)


class PushChannel:
    name = "push"

    def deliver(self, user, subject, body):
        for device in user.devices.filter(active=True):
            response = requests.post(
                "https://fcm.googleapis.com/fcm/send",
                json={
                    "to": device.token,
                    "notification": {"title": subject, "body": body},
                },
                headers={"Authorization": "key=" + settings.FCM_KEY},
                timeout=10,
            )
            if response.status_code == 410:
                device.active = False
                device.save(update_fields=["active"])
            elif response.status_code >= 400:
                raise ChannelDown(self.name, response.text)


class TemplateBook:
    """Subject and body of every event, per language and channel."""

    def __init__(self, loader):
        self._loader = loader

    def render(self, event, channel, language, context):
        subject = self._loader.get_template(
            "notify/%s/%s/subject.txt" % (language, event)
        )
        body = self._loader.get_template(
            "notify/%s/%s/%s.txt" % (language, event, channel)
        )
        return subject.render(context).strip(), body.render(context)
