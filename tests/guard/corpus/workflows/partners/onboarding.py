# -*- coding: utf-8 -*-
from partners.journey import Journeys


def sendContract(agent):
    agent.mail("contract.pdf")


def checkLicence(agent):
    return agent.licence is not None


def createLogin(agent):
    agent.login = agent.name.lower().replace(" ", ".")


def onboard(agent):
    journeys = Journeys("/polis/partners/journeys.sqlite")
    journeys.describe("onboarding", [sendContract, checkLicence, createLogin])
    if journeys.position(agent.number) is None:
        journeys.embark("onboarding", agent.number)
    return journeys.travel(agent.number, agent)
