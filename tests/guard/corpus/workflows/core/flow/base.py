# -*- coding: utf-8 -*-


class FlowError(Exception):
    pass


class StepFailed(FlowError):
    def __init__(self, runId, stepName, cause):
        FlowError.__init__(self, "run %s, step %s: %s" % (runId, stepName, cause))
        self.runId = runId
        self.stepName = stepName
        self.cause = cause


class AbstractWorkflows(object):
    """Base of all that runs workflows for us. Override everything."""

    def startFlow(self, flowName, subject, data=None):
        raise NotImplementedError

    def advance(self, runId):
        raise NotImplementedError

    def stateOf(self, runId):
        raise NotImplementedError

    def abort(self, runId, why):
        raise NotImplementedError


class FlowDefinition(object):
    """Name and steps of a flow. A step is a function of the run's data."""

    def __init__(self, name, steps):
        self.name = name
        self.steps = list(steps)

    def stepAfter(self, stepName):
        names = [s.__name__ for s in self.steps]
        if stepName is None:
            return self.steps[0]
        index = names.index(stepName) + 1
        return self.steps[index] if index < len(self.steps) else None


class FlowRun(object):
    def __init__(self, runId, flowName, subject, lastStep, status, data):
        self.runId = runId
        self.flowName = flowName
        self.subject = subject
        self.lastStep = lastStep
        self.status = status
        self.data = data

    def __repr__(self):
        return "<FlowRun %s %s %s %s>" % (
            self.runId,
            self.flowName,
            self.lastStep,
            self.status,
        )
