from lib.db import execute, query


class ShelfLocator(object):
    """Where in the hall a parcel lies: aisle, shelf, and x/y in metres for the forklift."""

    aisleWidth = 3.5
    shelfLength = 1.2

    def locate(self, parcelNo):
        rows = query("SELECT aisle, shelf FROM parcelplace WHERE parcel=%s", parcelNo)
        if not rows:
            return None
        aisle, shelf = rows[0]
        return aisle * self.aisleWidth, shelf * self.shelfLength

    def locateMany(self, parcels):
        return [self.locate(p) for p in parcels]

    def put(self, parcelNo, aisle, shelf):
        execute(
            "REPLACE INTO parcelplace (parcel, aisle, shelf) VALUES (%s,%s,%s)",
            parcelNo,
            aisle,
            shelf,
        )


class LabelCoder(object):
    """Address to the routing code that is printed as a barcode on the parcel."""

    def encode(self, address, product="40"):
        digits = (
            address.zipCode.zfill(5)
            + product
            + "%04d" % (sum(map(ord, address.street)) % 10000)
        )
        total = sum(int(d) * (4 if i % 2 == 0 else 9) for i, d in enumerate(digits))
        return digits + str(-total % 10)

    def decode(self, code):
        return {"zip": code[:5], "product": code[5:7]}
