# -*- coding: utf-8 -*-
import sqlite3


class Journeys(object):
    """An agent's way through several stations; each may hold him up.

    A station is a function of the agent. It holds him up by returning False,
    and is asked again on the next travel().
    """

    def __init__(self, path):
        self.db = sqlite3.connect(path)
        self.db.execute(
            "CREATE TABLE IF NOT EXISTS journey "
            "(traveller TEXT PRIMARY KEY, route TEXT, station INTEGER, arrived INTEGER DEFAULT 0)"
        )
        self.routes = {}

    def describe(self, route, stations):
        self.routes[route] = stations

    def embark(self, route, traveller):
        with self.db:
            self.db.execute(
                "INSERT INTO journey (traveller, route, station) VALUES (?, ?, 0)",
                (traveller, route),
            )

    def travel(self, traveller, agent):
        route, station = self.db.execute(
            "SELECT route, station FROM journey WHERE traveller = ?", (traveller,)
        ).fetchone()
        stations = self.routes[route]
        while station < len(stations):
            if stations[station](agent) is False:
                return False
            station += 1
            with self.db:
                self.db.execute(
                    "UPDATE journey SET station = ? WHERE traveller = ?",
                    (station, traveller),
                )
        with self.db:
            self.db.execute(
                "UPDATE journey SET arrived = 1 WHERE traveller = ?", (traveller,)
            )
        return True

    def position(self, traveller):
        return self.db.execute(
            "SELECT route, station, arrived FROM journey WHERE traveller = ?",
            (traveller,),
        ).fetchone()
