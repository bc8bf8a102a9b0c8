# -*- coding: utf-8 -*-


class FakeEngine(object):
    def __init__(self):
        self.started = []
        self.states = {}
        self.aborted = {}

    def startFlow(self, flowName, subject, data=None):
        self.started.append((flowName, subject, data))
        runId = len(self.started)
        self.states[runId] = "RUNNING"
        return runId

    def advance(self, runId):
        self.states[runId] = "DONE"
        return False

    def stateOf(self, runId):
        return self.states[runId]

    def abort(self, runId, why):
        self.aborted[runId] = why
