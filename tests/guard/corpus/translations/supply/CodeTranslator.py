# Wholesalers have their own codes for rooms and boards.


class CodeTranslator:
    """Translates a wholesaler's room and board codes into ours, and back"""

    def __init__(self, db, wholesaler):
        self.db = db
        self.wholesaler = wholesaler
        self.codes = {}
        self.reload()

    def translate(self, theirCode):
        return self.codes.get(theirCode, "XXX")

    def back(self, ourCode):
        for theirs, ours in self.codes.items():
            if ours == ourCode:
                return theirs
        return None

    def reload(self):
        cur = self.db.cursor()
        cur.execute(
            "SELECT their_code, our_code FROM code_map WHERE wholesaler = %s",
            (self.wholesaler,),
        )
        self.codes = dict(cur.fetchall())


class RateCatalog:
    """prices of a wholesaler by room and day"""

    def __init__(self, db):
        self.db = db
        self.rates = {}

    def getRate(self, roomCode, day):
        if (roomCode, day) not in self.rates:
            self.load(roomCode)
        return self.rates.get((roomCode, day))

    def load(self, roomCode):
        cur = self.db.cursor()
        cur.execute("SELECT day, price FROM rate WHERE room = %s", (roomCode,))
        for day, price in cur.fetchall():
            self.rates[roomCode, day] = price

    def reload(self):
        self.rates.clear()
