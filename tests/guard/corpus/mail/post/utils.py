from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string


class EmailHelper:
    """Send an email from anywhere."""

    @staticmethod
    def render(template, context):
        return render_to_string(template + ".txt", context)

    @classmethod
    def send_email(cls, template, to, context=None):
        body = cls.render(template, context or {})
        EmailMessage("Hello", body, settings.DEFAULT_FROM_EMAIL, [to]).send()

    @classmethod
    def send_mass(cls, template, people, context=None):
        messages = []
        for to in people:
            body = cls.render(template, context or {})
            messages.append(EmailMessage("Hello", body, None, [to]))
        return get_connection().send_messages(messages)
