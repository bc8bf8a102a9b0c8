# -*- coding: utf-8 -*-
import re


class TemplateEngine(object):
    """Fills letters: $name$ is replaced, %if x% ... %end% is left out unless x."""

    def __init__(self, folder="/polis/letters"):
        self.folder = folder
        self.cache = {}

    def load(self, name):
        if name not in self.cache:
            self.cache[name] = open("%s/%s.txt" % (self.folder, name)).read()
        return self.cache[name]

    def run(self, name, data):
        text = re.sub(
            r"%if (\w+)%(.*?)%end%",
            lambda m: m.group(2) if data.get(m.group(1)) else "",
            self.load(name),
            flags=re.S,
        )
        return re.sub(r"\$(\w+)\$", lambda m: str(data.get(m.group(1), "")), text)


class FlowReport(object):
    """How many runs of which flow are in which state. Reads only."""

    def __init__(self, db):
        self.db = db

    def counts(self):
        return self.db.fetchAll(
            "SELECT flow, status, COUNT(*) FROM FLOW_RUN GROUP BY flow, status"
        )

    def asText(self):
        return "\n".join("%-20s %-10s %6d" % row for row in self.counts())
