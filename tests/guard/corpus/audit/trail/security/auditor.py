import hashlib
import json


class SecurityAuditor:
    def __init__(self, path):
        self.path = path
        self.chain = []

    def log_event(self, actor, action, target):
        line = json.dumps([actor, action, target])
        last = self.chain[-1] if self.chain else ""
        self.chain.append(hashlib.sha256(f"{last}{line}".encode()).hexdigest())
        with open(self.path, "a") as file:
            file.write(line + "\n")

    def by_actor(self, actor):
        with open(self.path) as file:
            return [row for row in map(json.loads, file) if row[0] == actor]

    def verify(self):
        last = ""
        with open(self.path) as file:
            for line, digest in zip(file, self.chain):
                last = hashlib.sha256(f"{last}{line.strip()}".encode()).hexdigest()
                if last != digest:
                    return False
        return True
