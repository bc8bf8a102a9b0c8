import datetime
import urllib.request
import xml.etree.ElementTree as ET

ECB = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml"
NS = "{http://www.ecb.int/vocabulary/2002-08-01/eurofxref}"


class RateImporter:
    """Fetches the rates of the ECB every afternoon and writes them to FX_RATE."""

    def __init__(self, db, url=ECB):
        self.db = db
        self.url = url

    def run(self):
        with urllib.request.urlopen(self.url, timeout=30) as answer:
            root = ET.parse(answer).getroot()
        count = 0
        for dayNode in root.iter(NS + "Cube"):
            if "time" not in dayNode.attrib:
                continue
            day = datetime.date.fromisoformat(dayNode.attrib["time"])
            for node in dayNode:
                self.store(node.attrib["currency"], day, node.attrib["rate"])
                count += 1
        self.db.commit()
        return count

    def store(self, code, day, rate):
        cursor = self.db.cursor()
        cursor.execute(
            "DELETE FROM FX_RATE WHERE CURRENCY = ? AND RATE_DAY = ?", (code, day)
        )
        cursor.execute(
            "INSERT INTO FX_RATE (CURRENCY, RATE_DAY, RATE) VALUES (?, ?, ?)",
            (code, day, rate),
        )
