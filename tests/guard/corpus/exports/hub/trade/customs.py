"""Goods that leave the union need an export declaration."""

import xml.etree.ElementTree as ET

import requests


class ExportDeclarations:
    """Files export declarations with the customs office, and asks what became of them."""

    def __init__(self, url, eori):
        self.url = url
        self.eori = eori
        self.session = requests.Session()

    def file(self, shipment):
        root = ET.Element(
            "ExportDeclaration", exporter=self.eori, country=shipment["to"]
        )
        for item in shipment["items"]:
            ET.SubElement(root, "Item", code=item["hs"], grams=str(item["grams"]))
        answer = self.session.post(self.url + "/declarations", data=ET.tostring(root))
        answer.raise_for_status()
        return answer.json()["mrn"]

    def status(self, mrn):
        return self.session.get(self.url + "/declarations/" + mrn).json()["status"]

    def cancel(self, mrn):
        self.session.delete(self.url + "/declarations/" + mrn).raise_for_status()
