# -*- coding: utf-8 -*-
import json

from core import db
from core.flow.base import FlowDefinition, FlowError, FlowRun


class FlowTable(object):
    """The table FLOW_RUN."""

    columns = "run_id, flow, subject, last_step, status, data"

    def insert(self, flowName, subject, data):
        return db.execute(
            "INSERT INTO FLOW_RUN (flow, subject, status, data) VALUES (%s, %s, 'RUNNING', %s)",
            flowName,
            subject,
            json.dumps(data),
        )

    def load(self, runId):
        row = db.fetchOne(
            "SELECT " + self.columns + " FROM FLOW_RUN WHERE run_id = %s", runId
        )
        if row is None:
            raise FlowError("no run %s" % runId)
        return FlowRun(row[0], row[1], row[2], row[3], row[4], json.loads(row[5]))

    def store(self, run):
        db.execute(
            "UPDATE FLOW_RUN SET last_step = %s, status = %s, data = %s, changed = NOW() WHERE run_id = %s",
            run.lastStep,
            run.status,
            json.dumps(run.data),
            run.runId,
        )

    def idsByStatus(self, status):
        return [
            r[0]
            for r in db.fetchAll(
                "SELECT run_id FROM FLOW_RUN WHERE status = %s", status
            )
        ]


class FlowCatalogue(object):
    """All flow definitions by name."""

    def __init__(self):
        self.definitions = {}

    def add(self, name, *steps):
        self.definitions[name] = FlowDefinition(name, steps)

    def get(self, name):
        try:
            return self.definitions[name]
        except KeyError:
            raise FlowError("unknown flow %s" % name)


catalogue = FlowCatalogue()
