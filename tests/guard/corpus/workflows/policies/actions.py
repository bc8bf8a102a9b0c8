# -*- coding: utf-8 -*-
"""Actions for PROC_STEP."""

from core import db
from policies.ratingEngine import RatingEngine


def ratePolicy(policyNo, param):
    kind, age, zone = db.fetchOne(
        "SELECT kind, age, zone FROM POLICY WHERE policy = %s", policyNo
    )
    premium = RatingEngine(param or "2012").premium(kind, age, zone)
    db.execute("UPDATE POLICY SET premium = %s WHERE policy = %s", premium, policyNo)
    return premium


def checkBlacklist(policyNo, param):
    hit = db.fetchOne(
        "SELECT 1 FROM BLACKLIST b JOIN POLICY p ON p.holder = b.holder WHERE p.policy = %s",
        policyNo,
    )
    return "STOP" if hit else "OK"


def printPolicy(policyNo, param):
    db.execute(
        "INSERT INTO PRINT_QUEUE (doc, ref) VALUES (%s, %s)",
        param or "policy",
        policyNo,
    )
