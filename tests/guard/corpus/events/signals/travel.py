class BusTimetable:
    def __init__(self, line):
        self.line = line
        self.stops = {}

    def add_stop(self, name, minute):
        self.stops[name] = minute

    def publish(self, printer):
        for name, minute in sorted(self.stops.items(), key=lambda stop: stop[1]):
            printer.print_line(f"{name} {minute:02}")

    def pause(self, holidays):
        self.holidays = holidays
