# -*- coding: utf-8 -*-
import os
import time

import requests

from core import db
from core.flow.base import AbstractWorkflows, FlowError
from core.flow.workflowEngine import EscalatingEngine, WorkflowEngine


class CamundaWorkflows(AbstractWorkflows):
    """Flows that the holding company models in its Camunda server."""

    STATES = {
        "ACTIVE": "RUNNING",
        "COMPLETED": "DONE",
        "INTERNALLY_TERMINATED": "ABORTED",
    }

    def __init__(self, url="http://bpm.holding:8080/engine-rest"):
        self.url = url

    def startFlow(self, flowName, subject, data=None):
        variables = dict((k, {"value": v}) for k, v in (data or {}).items())
        r = requests.post(
            "%s/process-definition/key/%s/start" % (self.url, flowName),
            json={"businessKey": subject, "variables": variables},
        )
        if r.status_code != 200:
            raise FlowError(r.text)
        return r.json()["id"]

    def advance(self, runId):
        jobs = requests.get(
            self.url + "/job", params={"processInstanceId": runId}
        ).json()
        for job in jobs:
            requests.post("%s/job/%s/execute" % (self.url, job["id"]))
        return bool(jobs)

    def stateOf(self, runId):
        state = requests.get(
            "%s/history/process-instance/%s" % (self.url, runId)
        ).json()["state"]
        return self.STATES.get(state, state)

    def abort(self, runId, why):
        requests.delete("%s/process-instance/%s" % (self.url, runId))


class AuditedEngine(AbstractWorkflows):
    """Puts a line into AUDIT for all that is done with an engine."""

    def __init__(self, engine, user):
        self.engine = engine
        self.user = user

    def note(self, what, runId):
        db.execute(
            "INSERT INTO AUDIT (who, what, run_id, at) VALUES (%s, %s, %s, %s)",
            self.user,
            what,
            runId,
            time.time(),
        )

    def startFlow(self, flowName, subject, data=None):
        runId = self.engine.startFlow(flowName, subject, data)
        self.note("start " + flowName, runId)
        return runId

    def advance(self, runId):
        self.note("advance", runId)
        return self.engine.advance(runId)

    def stateOf(self, runId):
        return self.engine.stateOf(runId)

    def abort(self, runId, why):
        self.note("abort: " + why, runId)
        return self.engine.abort(runId, why)


class EngineMaker(object):
    def __init__(self, environ=os.environ):
        self.environ = environ

    def makeEngine(self, user=None):
        boss = self.environ.get("FLOW_ESCALATE_TO")
        engine = EscalatingEngine(boss) if boss else WorkflowEngine()
        return AuditedEngine(engine, user) if user else engine
