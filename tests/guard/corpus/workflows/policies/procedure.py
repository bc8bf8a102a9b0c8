# -*- coding: utf-8 -*-
# Underwriting wanted procedures that they can change themselves, in the table PROC_STEP.

from core import db
from policies import actions


class ProcedureMachine(object):
    def __init__(self, user):
        self.user = user

    def openCase(self, procedure, policyNo):
        first = db.fetchOne(
            "SELECT MIN(pos) FROM PROC_STEP WHERE proc = %s", procedure
        )[0]
        return db.execute(
            "INSERT INTO PROC_CASE (proc, policy, pos, state, opened_by) VALUES (%s, %s, %s, 'O', %s)",
            procedure,
            policyNo,
            first,
            self.user,
        )

    def next(self, caseId):
        proc, policyNo, pos, state = db.fetchOne(
            "SELECT proc, policy, pos, state FROM PROC_CASE WHERE case_id = %s", caseId
        )
        if state != "O":
            return None
        action, param = db.fetchOne(
            "SELECT action, param FROM PROC_STEP WHERE proc = %s AND pos = %s",
            proc,
            pos,
        )
        result = getattr(actions, action)(policyNo, param)
        db.execute(
            "INSERT INTO PROC_LOG (case_id, pos, result) VALUES (%s, %s, %s)",
            caseId,
            pos,
            str(result),
        )
        if result == "STOP":
            db.execute("UPDATE PROC_CASE SET state = 'X' WHERE case_id = %s", caseId)
            return None
        row = db.fetchOne(
            "SELECT MIN(pos) FROM PROC_STEP WHERE proc = %s AND pos > %s", proc, pos
        )
        if row[0] is None:
            db.execute("UPDATE PROC_CASE SET state = 'C' WHERE case_id = %s", caseId)
        else:
            db.execute(
                "UPDATE PROC_CASE SET pos = %s WHERE case_id = %s", row[0], caseId
            )
        return row[0]

    def whereIs(self, caseId):
        return db.fetchOne(
            "SELECT pos, state FROM PROC_CASE WHERE case_id = %s", caseId
        )

    def close(self, caseId):
        db.execute("UPDATE PROC_CASE SET state = 'X' WHERE case_id = %s", caseId)
