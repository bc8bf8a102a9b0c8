from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string


class MailDispatcher:
    """Mails to merchants; collects, and sends over one SMTP connection."""

    def __init__(self):
        self.waiting = []

    def publish(self, merchant, template, context):
        text = render_to_string("mail/%s.txt" % template, context)
        message = EmailMultiAlternatives(
            text.splitlines()[0], text, to=[merchant.email]
        )
        message.attach_alternative(
            render_to_string("mail/%s.html" % template, context), "text/html"
        )
        self.waiting.append(message)

    def flush(self):
        messages, self.waiting = self.waiting, []
        with get_connection() as connection:
            return connection.send_messages(messages)
