"""The one way to tell a user something. See docs/notifications.rst."""

import logging

from django.template import TemplateDoesNotExist
from django.utils import timezone

from .base import NotificationGateway
from .exceptions import ChannelDown, UnknownEvent
from .models import ChannelPreference, Notification

log = logging.getLogger(__name__)


class Notifier(NotificationGateway):
    """Notifies users of events over the channels that they chose in their settings."""

    default_channels = ("email",)

    def __init__(self, channels, templates):
        self._channels = {channel.name: channel for channel in channels}
        self._templates = templates

    def channels_for(self, user, event):
        group = event.split(".", 1)[0]
        rows = ChannelPreference.objects.filter(user=user, event_group=group)
        if not rows.exists():
            return [self._channels[name] for name in self.default_channels]
        chosen = rows.filter(enabled=True).values_list("channel", flat=True)
        return [self._channels[name] for name in chosen if name in self._channels]

    def notify(self, recipient, event, context=None):
        sent = 0
        for channel in self.channels_for(recipient, event):
            record = self._compose(recipient, event, channel, context or {})
            try:
                channel.deliver(recipient, record.subject, record.body)
            except ChannelDown as exc:
                log.warning("notification %s: %s", record.pk, exc)
                record.error = str(exc)
            else:
                record.sent_at = timezone.now()
                sent += 1
            record.save()
        return sent

    def notify_many(self, recipients, event, context=None):
        return sum(self.notify(recipient, event, context) for recipient in recipients)

    def resend_failed(self, since):
        for record in Notification.objects.filter(sent_at=None, created_at__gte=since):
            channel = self._channels[record.channel]
            try:
                channel.deliver(record.user, record.subject, record.body)
            except ChannelDown as exc:
                record.error = str(exc)
            else:
                record.sent_at, record.error = timezone.now(), ""
            record.save()

    def subscribe(self, user, group, channel):
        ChannelPreference.objects.update_or_create(
            user=user, event_group=group, channel=channel, defaults={"enabled": True}
        )

    def unsubscribe(self, user, group, channel):
        ChannelPreference.objects.filter(
            user=user, event_group=group, channel=channel
        ).update(enabled=False)

    def _compose(self, user, event, channel, context):
        try:
            subject, body = self._templates.render(
                event, channel.name, user.profile.language, dict(context, user=user)
            )
        except TemplateDoesNotExist as exc:
            raise UnknownEvent(event) from exc
        return Notification.objects.create(
            user=user, event=event, channel=channel.name, subject=subject, body=body
        )
