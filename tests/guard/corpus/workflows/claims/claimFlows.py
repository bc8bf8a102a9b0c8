# -*- coding: utf-8 -*-
from core import db
from core.flow.parts import catalogue
from core.flow.workflowEngine import WAIT, WorkflowEngine


def registerClaim(data):
    data["claimId"] = db.execute(
        "INSERT INTO CLAIM (policy, amount) VALUES (%s, %s)",
        data["policy"],
        data["amount"],
    )


def checkCover(data):
    row = db.fetchOne("SELECT max_amount FROM POLICY WHERE policy = %s", data["policy"])
    if row is None or row[0] < data["amount"]:
        raise ValueError("not covered")


def awaitAssessor(data):
    row = db.fetchOne("SELECT assessed FROM CLAIM WHERE claim_id = %s", data["claimId"])
    if not row[0]:
        return WAIT


def payOut(data):
    db.execute(
        "INSERT INTO PAYMENT (claim_id, amount) VALUES (%s, %s)",
        data["claimId"],
        data["amount"],
    )


catalogue.add("claimIntake", registerClaim, checkCover, awaitAssessor, payOut)


class ClaimFlows(object):
    """The engine, by claim number."""

    def __init__(self, engine=None):
        self.engine = engine or WorkflowEngine()

    def _runOf(self, claimNo):
        return db.fetchOne(
            "SELECT run_id FROM FLOW_RUN WHERE flow = 'claimIntake' AND subject = %s",
            claimNo,
        )[0]

    def openClaim(self, claimNo, policy, amount):
        return self.engine.startFlow(
            "claimIntake", claimNo, {"policy": policy, "amount": amount}
        )

    def goOn(self, claimNo):
        return self.engine.advance(self._runOf(claimNo))

    def statusOfClaim(self, claimNo):
        return self.engine.stateOf(self._runOf(claimNo))

    def rejectClaim(self, claimNo, why):
        self.engine.abort(self._runOf(claimNo), why)
