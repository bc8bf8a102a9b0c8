import datetime
from xmlrpc.server import SimpleXMLRPCServer


class RpcConverter:
    """The converter for the branch offices, by XML-RPC: strings in, strings out."""

    def __init__(self, converter):
        self._converter = converter

    def umrechnen(self, amount, von, nach, tag=""):
        day = datetime.date.fromisoformat(tag) if tag else None
        return str(self._converter.convert(amount, von, nach, day))

    def kennt(self, currency):
        return self._converter.supports(currency)


def serve(factory, port=8099):
    server = SimpleXMLRPCServer(("", port), allow_none=True)
    server.register_instance(RpcConverter(factory.createConverter()))
    server.serve_forever()
