import time


class TraceLog:
    def __init__(self):
        self.spans = []

    def record(self, name, began):
        self.spans.append((name, began, time.perf_counter() - began))

    def slowest(self, count):
        return sorted(self.spans, key=lambda span: -span[2])[:count]

    def export(self, file):
        for name, began, seconds in self.spans:
            file.write(f"{name} {began} {seconds}\n")
