from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string


class NewsletterMailer:
    def __init__(self, issue):
        self.issue = issue
        self.waiting = []

    def add_recipient(self, person):
        self.waiting.append(person)

    def render(self, person):
        return render_to_string("newsletter.html", {"p": person, "issue": self.issue})

    def send_mass(self, people):
        for person in people:
            self.add_recipient(person)
        return self.flush()

    def flush(self):
        messages = []
        for person in self.waiting:
            mail = EmailMultiAlternatives(self.issue.title, "", None, [person.email])
            mail.attach_alternative(self.render(person), "text/html")
            messages.append(mail)
        self.waiting = []
        return get_connection().send_messages(messages)
