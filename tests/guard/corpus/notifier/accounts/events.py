from django.contrib.auth.signals import user_login_failed
from django.contrib.auth import get_user_model

from notifications.setup import get_notifier


class AccountEvents:
    """What accounts have to say, in account words; goes out by the notifier."""

    def __init__(self, notifier=None):
        self.notifier = notifier or get_notifier()

    def password_changed(self, user, ip):
        self.notifier.notify(user, "account.password_changed.urgent", {"ip": ip})

    def new_device(self, user, agent):
        self.notifier.notify(user, "account.new_device", {"agent": agent})

    def terms_updated(self, users):
        self.notifier.notify_many(users, "account.terms_updated")


def on_login_failed(sender, credentials, **kwargs):
    user = get_user_model().objects.filter(username=credentials.get("username")).first()
    if user is not None:
        get_notifier().notify(user, "account.login_failed")


user_login_failed.connect(on_login_failed)
