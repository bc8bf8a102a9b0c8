"""Handy helpers. Please add to them!"""

from django.conf import settings
from django.core.mail import mail_managers, send_mail
from pyfcm import FCMNotification


class NotificationHelper:
    """helper = NotificationHelper(request.user); helper.push_message("Hi", "there")"""

    def __init__(self, user):
        self.user = user
        self.fcm = FCMNotification(api_key=settings.FCM_KEY)
        self.sent = []

    def push_message(self, subject, body):
        prefs = (
            self.user.channel_preferences.filter(enabled=True)
            .values_list("channel", flat=True)
            .distinct()
        )
        if "email" in prefs:
            send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [self.user.email])
            self.sent.append("email")
        if "push" in prefs:
            tokens = list(self.user.devices.values_list("token", flat=True))
            self.fcm.notify_multiple_devices(
                registration_ids=tokens, message_title=subject, message_body=body
            )
            self.sent.append("push")
        return self.sent


class ErrorNotifier:
    """Reports exceptions to the error tracker, for LOGGING."""

    def __init__(self, dsn, environment="production"):
        self.dsn = dsn
        self.environment = environment

    def notify(self, exc, context=None):
        import traceback

        import requests

        frames = traceback.format_exception(type(exc), exc, exc.__traceback__)
        requests.post(
            self.dsn,
            json={"env": self.environment, "trace": frames, "context": context or {}},
            timeout=3,
        )


def ping_managers(text):
    mail_managers("ping", text)
