# -*- coding: utf-8 -*-
# 2007, aus dem alten DOS-Programm. Wird noch vom Mahnlauf benutzt.
import sqlite3


class Umrechner:
    def __init__(self, datei="/var/ledger/kurse.db"):
        self.con = sqlite3.connect(datei)

    def umrechnen(self, betrag, von, nach):
        """Rechnet einen Betrag von einer Waehrung in die andere um."""
        if von == nach:
            return betrag
        return round(betrag / self.kurs(von) * self.kurs(nach), 2)

    def inEuro(self, betrag, von):
        return self.umrechnen(betrag, von, "EUR")

    def kurs(self, waehrung):
        if waehrung == "EUR":
            return 1.0
        if waehrung == "DEM":
            return 1.95583
        zeile = self.con.execute(
            "SELECT kurs FROM kurse WHERE waehrung = ? ORDER BY tag DESC LIMIT 1",
            (waehrung,),
        ).fetchone()
        return zeile[0]


def mahnsumme(posten):
    rechner = Umrechner()
    return sum(rechner.inEuro(p["betrag"], p["waehrung"]) for p in posten)
