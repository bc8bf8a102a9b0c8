# -*- coding: utf-8 -*-
from xmlrpc.server import SimpleXMLRPCServer

from core.flow.others import EngineMaker
from core.flow.base import FlowError


class FlowRpc(object):
    """The engine by XML-RPC, for the agents' PCs."""

    def __init__(self, engine):
        self.engine = engine

    def start(self, flowName, subject, data):
        return str(self.engine.startFlow(flowName, subject, data))

    def next(self, runId):
        try:
            return {"more": bool(self.engine.advance(int(runId)))}
        except FlowError as e:
            return {"error": str(e)}

    def state(self, runId):
        return self.engine.stateOf(int(runId))


class PageFlow(object):
    """Which page of the portal comes after which; for the next/back buttons."""

    order = ["start", "person", "car", "offer", "confirm"]

    def next(self, page):
        index = self.order.index(page)
        return self.order[min(index + 1, len(self.order) - 1)]

    def back(self, page):
        index = self.order.index(page)
        return self.order[max(index - 1, 0)]


def main():
    server = SimpleXMLRPCServer(("", 8077), allow_none=True)
    server.register_instance(FlowRpc(EngineMaker().makeEngine("rpc")))
    server.serve_forever()
