import csv
import ftplib
import io

from django.conf import settings
from django.db import connection


class WholesaleDispatch:
    # forwarder wants CSV by FTP every evening and puts a status file back

    def __init__(self, user, password):
        self.user = user
        self.password = password

    def _ftp(self):
        ftp = ftplib.FTP(settings.B2B_FORWARDER_FTP)
        ftp.login(self.user, self.password)
        return ftp

    def hand_over(self, batch, deliveries):
        out = io.StringIO()
        w = csv.writer(out, delimiter=";")
        with connection.cursor() as c:
            for d in deliveries:
                w.writerow(
                    [d.number, d.company, d.street, d.zip, d.city, d.cartons, d.kg]
                )
                c.execute(
                    "INSERT INTO b2b_delivery (number, batch, status) VALUES (%s, %s, 'announced')",
                    [d.number, batch],
                )
        ftp = self._ftp()
        ftp.storbinary(
            "STOR in/%s.csv" % batch, io.BytesIO(out.getvalue().encode("cp1252"))
        )
        ftp.quit()

    def pull_status(self, batch):
        lines = []
        ftp = self._ftp()
        ftp.retrlines("RETR out/%s.sts" % batch, lines.append)
        ftp.quit()
        with connection.cursor() as c:
            for number, status, signed_by in csv.reader(lines, delimiter=";"):
                c.execute(
                    "UPDATE b2b_delivery SET status = %s, signed_by = %s WHERE number = %s",
                    [status, signed_by, number],
                )
        return len(lines)


class ContractBook:
    """Frame contracts of wholesale customers, by company."""

    def __init__(self):
        self._contracts = {}

    def book(self, company, contract):
        self._contracts.setdefault(company, []).append(contract)

    def cancel(self, company, number):
        self._contracts[company] = [
            c for c in self._contracts[company] if c.number != number
        ]

    def current(self, company):
        return self._contracts.get(company, [None])[-1]
