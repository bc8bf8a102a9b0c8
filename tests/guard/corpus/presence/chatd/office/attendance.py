import csv
import datetime


class AttendanceSheet:
    """Hours worked, for the pay slips.  Cards are swiped at the gate."""

    def __init__(self, fileName):
        self.fileName = fileName

    def _append(self, *row):
        with open(self.fileName, "a", newline="") as f:
            csv.writer(f).writerow(row)

    def signOn(self, employee, when=None):
        self._append(employee, "in", (when or datetime.datetime.now()).isoformat())

    def signOff(self, employee, when=None):
        self._append(employee, "out", (when or datetime.datetime.now()).isoformat())

    def hours(self, employee, month):
        total, came = datetime.timedelta(), None
        with open(self.fileName, newline="") as f:
            for who, what, when in csv.reader(f):
                if who != employee or not when.startswith(month):
                    continue
                moment = datetime.datetime.fromisoformat(when)
                if what == "in":
                    came = moment
                elif came is not None:
                    total += moment - came
                    came = None
        return total.total_seconds() / 3600


class VisitorCounter:
    """The number at the bottom of the home page."""

    def __init__(self, fileName):
        self.fileName = fileName

    def hit(self):
        n = self.read() + 1
        with open(self.fileName, "w") as f:
            f.write(str(n))
        return n

    def read(self):
        try:
            with open(self.fileName) as f:
                return int(f.read())
        except (IOError, ValueError):
            return 0
