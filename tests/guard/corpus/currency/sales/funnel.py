class ConversionRates:
    """How many visitors become leads, leads offers, offers orders."""

    STAGES = ("visit", "lead", "offer", "order")

    def __init__(self, db):
        self.db = db

    def countOf(self, stage):
        cursor = self.db.cursor()
        cursor.execute(
            "SELECT COUNT(*) FROM FUNNEL WHERE STAGE >= ?", (self.STAGES.index(stage),)
        )
        return cursor.fetchone()[0]

    def getRate(self, fromStage, toStage):
        start = self.countOf(fromStage)
        if not start:
            return 0.0
        return float(self.countOf(toStage)) / start

    def convert(self, leadId, toStage):
        cursor = self.db.cursor()
        cursor.execute(
            "UPDATE FUNNEL SET STAGE = ? WHERE LEAD_ID = ?",
            (self.STAGES.index(toStage), leadId),
        )
        self.db.commit()
