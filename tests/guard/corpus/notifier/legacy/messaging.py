# -*- coding: utf-8 -*-
# Moved here 2014 from the PHP rewrite. Cron jobs still import it.
import smtplib
import urllib.parse
import urllib.request
from email.mime.text import MIMEText

from django.db import connection


class UserMessenger(object):
    def __init__(self, smtp_host="localhost", sms_key=None):
        self.smtp_host = smtp_host
        self.sms_key = sms_key

    def message(self, user_id, title, text):
        cur = connection.cursor()
        cur.execute(
            "SELECT email, phone, wants_mail, wants_sms FROM accounts_profile WHERE user_id = %s",
            [user_id],
        )
        row = cur.fetchone()
        if row is None:
            return False
        email, phone, wants_mail, wants_sms = row
        if wants_mail and email:
            self._mail(email, title, text)
        if wants_sms and phone:
            self._sms(phone, text)
        return True

    def _mail(self, to, title, text):
        msg = MIMEText(text, "plain", "utf-8")
        msg["Subject"], msg["From"], msg["To"] = title, "noreply@shop.example", to
        server = smtplib.SMTP(self.smtp_host)
        server.sendmail(msg["From"], [to], msg.as_string())
        server.quit()

    def _sms(self, phone, text):
        q = urllib.parse.urlencode(
            {"key": self.sms_key, "to": phone, "msg": text[:160]}
        )
        urllib.request.urlopen("http://sms.example/send?" + q, timeout=20).read()
