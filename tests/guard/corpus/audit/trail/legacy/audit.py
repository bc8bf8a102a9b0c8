import time


class AuditFile:
    """The audit log in a file."""

    def __init__(self, path):
        self.path = path

    def record(self, actor, action, target):
        with open(self.path, "a") as file:
            file.write(f"{time.time()}\t{actor}\t{action}\t{target}\n")

    def entries_for(self, target):
        with open(self.path) as file:
            return [line for line in file if line.rstrip().endswith(target)]
