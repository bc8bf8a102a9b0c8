from oms.pricing.engine import PriceEngine


class TenderPriceEngine(PriceEngine):
    """PriceEngine that also knows the frame contracts won in public tenders."""

    def _agreedNet(self, customerNo, itemNo, onDate):
        row = self.db.one(
            "SELECT L.NET FROM TENDER T JOIN TENDERLINE L ON L.TNO=T.TNO "
            "WHERE T.CNO=? AND L.INO=? AND ? BETWEEN T.D1 AND T.D2 AND L.CALLED < L.VOLUME",
            customerNo,
            itemNo,
            onDate,
        )
        if row:
            return row[0]
        return PriceEngine._agreedNet(self, customerNo, itemNo, onDate)

    def remainingVolume(self, customerNo, itemNo):
        row = self.db.one(
            "SELECT SUM(VOLUME-CALLED) FROM TENDERLINE WHERE CNO=? AND INO=?",
            customerNo,
            itemNo,
        )
        return row[0] or 0
