from django.conf import settings
from django.template import engines

from .channels import EmailChannel, PushChannel, SmsChannel, TemplateBook
from .service import Notifier
from .white_label import WhiteLabelNotifier
from .wrappers import ThrottledNotifier


class NotifierFactory:
    def __init__(self, conf=settings):
        self.conf = conf

    def build(self, brand=None):
        channels = [EmailChannel()]
        if getattr(self.conf, "SMS_GATEWAY_URL", None):
            channels.append(SmsChannel())
        if getattr(self.conf, "FCM_KEY", None):
            channels.append(PushChannel())
        templates = TemplateBook(engines["django"])
        if brand is not None:
            return WhiteLabelNotifier(channels, templates, brand)
        return Notifier(channels, templates)

    def build_throttled(self, seconds=300):
        return ThrottledNotifier(self.build(), seconds)


def get_notifier():
    return NotifierFactory().build_throttled()
