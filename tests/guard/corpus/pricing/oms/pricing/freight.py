import xml.etree.ElementTree as ET
from decimal import Decimal
from urllib.request import urlopen, Request

from oms.pricing.base import Pricer, PricedLine, NoPrice


class HaulierRates(Pricer):
    """Prices carriage, not goods: asks the tariff server of the haulier (Transped).

    itemNo is a service code such as EXP24, qty is kilograms.
    """

    def __init__(self, url, contractNo, zoneOfCustomer):
        self.url = url
        self.contractNo = contractNo
        self.zoneOfCustomer = zoneOfCustomer

    def priceFor(self, customerNo, itemNo, qty, onDate=None):
        body = '<rate contract="%s" service="%s" zone="%s" kg="%s"/>' % (
            self.contractNo,
            itemNo,
            self.zoneOfCustomer(customerNo),
            qty,
        )
        req = Request(self.url, body.encode("utf-8"), {"Content-Type": "text/xml"})
        node = ET.fromstring(urlopen(req, timeout=10).read()).find("amount")
        if node is None:
            raise NoPrice(customerNo, itemNo)
        amount = Decimal(node.text)
        return PricedLine(itemNo, qty, amount, amount, Decimal(0), ["transped"])

    def priceOrder(self, customerNo, lines, onDate=None):
        priced = [self.priceFor(customerNo, i, q, onDate) for i, q in lines]
        net = sum(p.netPrice for p in priced)
        return {"lines": priced, "net": net, "vat": Decimal(0), "gross": net}
