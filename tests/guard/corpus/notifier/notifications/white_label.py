from .service import Notifier


class WhiteLabelNotifier(Notifier):
    """Speaks in the name of a reseller's brand."""

    def __init__(self, channels, templates, brand):
        super().__init__(channels, templates)
        self.brand = brand

    def _compose(self, user, event, channel, context):
        record = super()._compose(user, event, channel, dict(context, brand=self.brand))
        record.subject = "[%s] %s" % (self.brand.name, record.subject)
        return record
