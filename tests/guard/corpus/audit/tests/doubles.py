class ListAudit:
    def __init__(self):
        self.entries = []

    def record(self, actor, action, target):
        self.entries.append((actor, action, target))

    def entries_for(self, target):
        return [entry for entry in self.entries if entry[2] == target]

    def by_actor(self, actor):
        return [entry for entry in self.entries if entry[0] == actor]
