from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string


class ConfirmationMails:
    """Mail about orders."""

    def __init__(self):
        self._later = []

    def render(self, template, context):
        return render_to_string(f"shop/{template}.txt", context)

    def queue(self, template, to, context=None):
        text = self.render(template, context or {})
        self._later.append(EmailMessage("Your order", text, None, [to]))

    def flush(self):
        later, self._later = self._later, []
        return get_connection().send_messages(later)
