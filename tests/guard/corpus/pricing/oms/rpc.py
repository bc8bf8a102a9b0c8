from xmlrpc.server import SimpleXMLRPCServer

from oms.pricing.base import NoPrice
from oms.pricing.factory import EngineFactory


class PriceRpc(object):
    """The price engine for the outside (EDI partners), over XML-RPC: only strings and lists."""

    def __init__(self, engine):
        self.engine = engine

    def getPrice(self, customer, item, qty):
        try:
            line = self.engine.priceFor(customer, item, int(qty))
        except NoPrice:
            return ""
        return str(line.netPrice)

    def getOrder(self, customer, rows):
        r = self.engine.priceOrder(customer, [(i, int(q)) for i, q in rows])
        return [str(r["net"]), str(r["vat"]), str(r["gross"])]


def serve(config, openDb):
    srv = SimpleXMLRPCServer(("0.0.0.0", 8790))
    srv.register_instance(PriceRpc(EngineFactory(config, openDb).forCompany("A1")))
    srv.serve_forever()
