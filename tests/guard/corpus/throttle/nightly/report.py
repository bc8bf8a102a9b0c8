# -*- coding: utf-8 -*-
import re
import smtplib
from collections import defaultdict
from email.mime.text import MIMEText

LINE = re.compile(r"(\S+) waited ([\d.]+) s for (\S+)")


class ThrottleReport:
    """Reads the log of the night and mails how long each source had to wait."""

    def __init__(self, log="/var/log/harvest/throttle.log"):
        self.log = log

    def seconds(self):
        waits = defaultdict(float)
        with open(self.log) as f:
            for line in f:
                match = LINE.search(line)
                if match:
                    waits[match.group(3)] += float(match.group(2))
        return waits

    def send(self, to):
        rows = sorted(self.seconds().items(), key=lambda item: -item[1])
        msg = MIMEText("\n".join("%-20s %10.1f s" % row for row in rows))
        msg["Subject"] = "Waiting times"
        msg["To"] = to
        s = smtplib.SMTP("localhost")
        s.sendmail("harvest@uni.example", [to], msg.as_string())
        s.quit()
