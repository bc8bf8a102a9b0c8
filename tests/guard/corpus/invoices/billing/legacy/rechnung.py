# -*- coding: utf-8 -*-
# Kommt noch aus dem alten Warenwirtschaftssystem (2009). Wird vom
# Faxauftrag und von der Filiale Kassel benutzt. NICHT erweitern.
import datetime
import os
import smtplib
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from django.db import connection
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

ABLAGE = "/srv/rechnungen"


class RechnungsDruck(object):
    def __init__(self, ablage=ABLAGE, smtp="mail.intern"):
        self.ablage = ablage
        self.smtp = smtp

    def naechste_nummer(self):
        cur = connection.cursor()
        cur.execute(
            "SELECT MAX(nr) FROM rechnung WHERE jahr = %s", [datetime.date.today().year]
        )
        row = cur.fetchone()
        return (row[0] or 10000) + 1

    def erstelle(self, kunde, positionen):
        nr = self.naechste_nummer()
        heute = datetime.date.today()
        summe = sum(p["menge"] * p["preis"] for p in positionen)
        cur = connection.cursor()
        cur.execute(
            "INSERT INTO rechnung (nr, jahr, kunde, datum, summe) VALUES (%s, %s, %s, %s, %s)",
            [nr, heute.year, kunde["id"], heute, summe],
        )
        pfad = self.drucke(nr, kunde, positionen, summe)
        self.verschicke(kunde["email"], nr, pfad)
        return nr

    def drucke(self, nr, kunde, positionen, summe):
        pfad = os.path.join(self.ablage, "R%d.pdf" % nr)
        c = canvas.Canvas(pfad, pagesize=A4)
        c.drawString(60, 780, kunde["name"])
        c.drawString(60, 700, "Rechnung Nr. %d" % nr)
        y = 660
        for p in positionen:
            c.drawString(60, y, "%s x %s" % (p["menge"], p["text"]))
            c.drawRightString(520, y, "%.2f EUR" % (p["menge"] * p["preis"]))
            y -= 16
        c.drawRightString(520, y - 10, "Summe: %.2f EUR" % summe)
        c.save()
        return pfad

    def verschicke(self, an, nr, pfad):
        msg = MIMEMultipart()
        msg["Subject"] = "Rechnung %d" % nr
        msg["From"] = "buchhaltung@kontor.example"
        msg["To"] = an
        msg.attach(MIMEText("Anbei Ihre Rechnung."))
        with open(pfad, "rb") as f:
            msg.attach(MIMEApplication(f.read(), _subtype="pdf"))
        s = smtplib.SMTP(self.smtp)
        s.sendmail(msg["From"], [an], msg.as_string())
        s.quit()
