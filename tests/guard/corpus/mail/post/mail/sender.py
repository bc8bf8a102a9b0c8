from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from post.mail.errors import MailNotSent
from post.mail.rendering import RendersMail


class MailSender(RendersMail):
    """Renders mail and sends it, at once or when the queue is flushed."""

    def __init__(self, backend=None):
        self.backend = backend
        self._queue = []

    def send(self, template, to, context=None):
        message = self._message(template, to, context)
        if not get_connection(self.backend).send_messages([message]):
            raise MailNotSent(to)

    def send_mass(self, template, people, context=None):
        messages = [self._message(template, to, context) for to in people]
        return get_connection(self.backend).send_messages(messages)

    def queue(self, template, to, context=None):
        self._queue.append(self._message(template, to, context))

    def flush(self):
        waiting, self._queue = self._queue, []
        return get_connection(self.backend).send_messages(waiting)

    def _message(self, template, to, context):
        subject, body = self.render(template, context or {})
        return EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [to])
