import smtplib
from email.mime.text import MIMEText


class Mailer:
    def __init__(self, host):
        self.host = host

    def send(self, to, subject, text):
        message = MIMEText(text)
        message["Subject"] = subject
        message["To"] = to
        server = smtplib.SMTP(self.host)
        server.sendmail("noreply@example.org", [to], message.as_string())
        server.quit()

    def send_mass(self, people, subject, text):
        for to in people:
            self.send(to, subject, text)
