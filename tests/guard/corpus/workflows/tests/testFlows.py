# -*- coding: utf-8 -*-
import unittest

from claims.claimFlows import ClaimFlows
from core.flow.base import FlowRun, StepFailed
from core.flow.parts import FlowCatalogue
from core.flow.workflowEngine import WorkflowEngine
from partners.journey import Journeys
from portal.rpc import FlowRpc
from tests.fakeEngine import FakeEngine


class MemoryTable(object):
    """FlowTable without a database."""

    def __init__(self):
        self.runs = {}

    def insert(self, flowName, subject, data):
        runId = len(self.runs) + 1
        self.runs[runId] = FlowRun(runId, flowName, subject, None, "RUNNING", data)
        return runId

    def load(self, runId):
        return self.runs[runId]

    def store(self, run):
        self.runs[run.runId] = run

    def idsByStatus(self, status):
        return [i for i, r in self.runs.items() if r.status == status]


def one(data):
    data["one"] = 1


def two(data):
    data["two"] = data["one"] / data["divisor"]


class EngineTest(unittest.TestCase):
    def setUp(self):
        catalogue = FlowCatalogue()
        catalogue.add("sum", one, two)
        self.engine = WorkflowEngine(catalogue, MemoryTable())

    def testToEnd(self):
        runId = self.engine.startFlow("sum", "x", {"divisor": 1})
        self.assertEqual(self.engine.runToEnd(runId), "DONE")

    def testFails(self):
        runId = self.engine.startFlow("sum", "x", {"divisor": 0})
        self.assertRaises(StepFailed, self.engine.runToEnd, runId)
        self.assertEqual(self.engine.stateOf(runId), "FAILED")


class ClaimTest(unittest.TestCase):
    def testOpen(self):
        engine = FakeEngine()
        ClaimFlows(engine).openClaim("C1", "P1", 100)
        self.assertEqual(engine.started[0][0], "claimIntake")

    def testRpc(self):
        rpc = FlowRpc(FakeEngine())
        self.assertEqual(rpc.start("f", "s", {}), "1")


class JourneyTest(unittest.TestCase):
    def testHeldUp(self):
        journeys = Journeys(":memory:")
        journeys.describe("r", [lambda a: True, lambda a: a["ok"]])
        journeys.embark("r", "7")
        self.assertFalse(journeys.travel("7", {"ok": False}))
        self.assertTrue(journeys.travel("7", {"ok": True}))
