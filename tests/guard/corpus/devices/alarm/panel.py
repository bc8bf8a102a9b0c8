import time

from alarm.sensors import SensorBook


class AlarmStateMachine(object):
    """disarmed -> arming -> armed -> triggered"""

    MOVES = {
        "disarmed": ("arming",),
        "arming": ("armed", "disarmed"),
        "armed": ("triggered", "disarmed"),
        "triggered": ("disarmed",),
    }

    def __init__(self):
        self.state = "disarmed"
        self.since = time.time()

    def getState(self):
        return self.state

    def setState(self, state):
        if state not in self.MOVES[self.state]:
            raise ValueError("%s -> %s" % (self.state, state))
        self.state = state
        self.since = time.time()


class Panel(object):
    def __init__(self):
        self.sensors = SensorBook()
        self.machine = AlarmStateMachine()

    def arm(self):
        opened = [s for s in self.sensors.inZone("outer") if s["status"] == "open"]
        if not opened:
            self.machine.setState("arming")
        return opened

    def onReport(self, serial, status):
        self.sensors.report(serial, status)
        if status == "open" and self.machine.getState() == "armed":
            self.machine.setState("triggered")
