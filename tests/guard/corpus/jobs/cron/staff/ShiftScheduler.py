class ShiftScheduler(object):
    """Who works when."""

    def __init__(self, staff):
        self.staff = staff
        self.shifts = {}

    def scheduleShift(self, person, day, hours):
        if sum(self.shifts.get((person, day), [])) + hours > 10:
            raise ValueError("too long a day")
        self.shifts.setdefault((person, day), []).append(hours)

    def cancelShift(self, person, day):
        self.shifts.pop((person, day))

    def listShifts(self, day):
        return [person for person, when in self.shifts if when == day]

    def printRoster(self, printer):
        for (person, day), hours in sorted(self.shifts.items()):
            printer.write("%s %s %s" % (person, day, hours))
