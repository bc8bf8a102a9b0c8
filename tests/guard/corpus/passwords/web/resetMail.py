import smtplib
from email.mime.text import MIMEText

from itsdangerous import URLSafeTimedSerializer


class PasswordResetMailer(object):
    """Mails the link by which a user gets to the form for a new password."""

    def __init__(self, key, smtpHost="localhost"):
        self.signer = URLSafeTimedSerializer(key, salt="reset")
        self.smtpHost = smtpHost

    def send(self, userName, address):
        token = self.signer.dumps(userName)
        msg = MIMEText("Click here: https://portal.example.com/reset?t=%s" % token)
        msg["Subject"] = "Your password"
        msg["To"] = address
        smtp = smtplib.SMTP(self.smtpHost)
        smtp.sendmail("noreply@example.com", [address], msg.as_string())
        smtp.quit()

    def userOf(self, token):
        return self.signer.loads(token, max_age=7200)
