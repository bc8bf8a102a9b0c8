# -*- coding: utf-8 -*-
"""The workflow engine.

engine = WorkflowEngine()
runId = engine.startFlow("claimIntake", claimNo, {"amount": 1200})
engine.advance(runId)        # one step
engine.runToEnd(runId)       # as far as it goes
"""

import logging

from core.flow.base import AbstractWorkflows, FlowError, StepFailed
from core.flow.parts import FlowTable, catalogue as defaultCatalogue

log = logging.getLogger("flow")

WAIT = object()


class WorkflowEngine(AbstractWorkflows):
    """Runs flows of several steps, and keeps their state in the database
    so that a flow goes on after a restart."""

    def __init__(self, catalogue=None, table=None):
        self.catalogue = catalogue or defaultCatalogue
        self.table = table or FlowTable()

    def startFlow(self, flowName, subject, data=None):
        self.catalogue.get(flowName)
        runId = self.table.insert(flowName, subject, data or {})
        log.info("flow %s for %s is run %s", flowName, subject, runId)
        return runId

    def advance(self, runId):
        """One step. Returns False if there is nothing more to do now."""
        run = self.table.load(runId)
        if run.status not in ("RUNNING", "WAITING"):
            return False
        step = self.catalogue.get(run.flowName).stepAfter(run.lastStep)
        if step is None:
            run.status = "DONE"
            self.table.store(run)
            return False
        try:
            answer = step(run.data)
        except Exception as e:
            run.status = "FAILED"
            run.data["error"] = str(e)
            self.table.store(run)
            raise StepFailed(runId, step.__name__, e)
        if answer is WAIT:
            run.status = "WAITING"
            self.table.store(run)
            return False
        run.lastStep = step.__name__
        run.status = "RUNNING"
        self.table.store(run)
        return True

    def runToEnd(self, runId):
        while self.advance(runId):
            pass
        return self.stateOf(runId)

    def stateOf(self, runId):
        return self.table.load(runId).status

    def abort(self, runId, why):
        run = self.table.load(runId)
        if run.status == "DONE":
            raise FlowError("run %s is done already" % runId)
        run.status = "ABORTED"
        run.data["why"] = why
        self.table.store(run)

    def resumeAll(self):
        for status in ("RUNNING", "WAITING"):
            for runId in self.table.idsByStatus(status):
                try:
                    self.runToEnd(runId)
                except StepFailed:
                    log.exception("run %s", runId)


class EscalatingEngine(WorkflowEngine):
    """Engine that mails the head of department when a step fails."""

    def __init__(self, mailTo, catalogue=None, table=None):
        WorkflowEngine.__init__(self, catalogue, table)
        self.mailTo = mailTo

    def advance(self, runId):
        try:
            return WorkflowEngine.advance(self, runId)
        except StepFailed as e:
            import smtplib

            server = smtplib.SMTP("mail")
            server.sendmail(
                "flow@polis", [self.mailTo], "Subject: flow failed\n\n%s" % e
            )
            server.quit()
            raise
