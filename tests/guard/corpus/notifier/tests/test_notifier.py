from unittest import mock

from accounts.events import AccountEvents
from notifications.service import Notifier
from notifications.wrappers import QuietHours
from tests.fakes import RecordingNotifier


def test_account_events_go_out():
    notifier = RecordingNotifier()
    AccountEvents(notifier).password_changed("ann", "10.0.0.1")
    assert notifier.calls == [
        ("ann", "account.password_changed.urgent", {"ip": "10.0.0.1"})
    ]


def test_urgent_passes_quiet_hours():
    notifier = RecordingNotifier()
    QuietHours(notifier).notify("ann", "account.stolen.urgent")
    assert len(notifier.calls) == 1


def test_sends_over_each_channel(db, user):
    channel = mock.Mock()
    channel.name = "email"
    templates = mock.Mock()
    templates.render.return_value = ("s", "b")
    assert Notifier([channel], templates).notify(user, "order.paid") == 1
    channel.deliver.assert_called_once_with(user, "s", "b")
