# -*- coding: utf-8 -*-
import datetime
import glob
import json
import os

from billing import jobs


class ChainManager(object):
    """Billing's job chains (invoice run, dunning run, direct debit run).

    A chain is a JSON file {"name": ..., "jobs": [...]}; how far it got is
    written to NAME.status beside it. A broken chain is taken up where it broke.
    """

    def __init__(self, folder="/polis/billing/chains"):
        self.folder = folder

    def _status(self, name):
        try:
            with open(os.path.join(self.folder, name + ".status")) as f:
                return json.load(f)
        except IOError:
            return {"finished": [], "broken": None, "day": None}

    def _writeStatus(self, name, status):
        with open(os.path.join(self.folder, name + ".status"), "w") as f:
            json.dump(status, f)

    def launch(self, name, day=None):
        with open(os.path.join(self.folder, name + ".json")) as f:
            chain = json.load(f)
        day = day or datetime.date.today().isoformat()
        status = self._status(name)
        if status["day"] != day:
            status = {"finished": [], "broken": None, "day": day}
        for job in chain["jobs"]:
            if job in status["finished"]:
                continue
            try:
                getattr(jobs, job)(day)
            except Exception as e:
                status["broken"] = [job, repr(e)]
                self._writeStatus(name, status)
                return False
            status["finished"].append(job)
            status["broken"] = None
            self._writeStatus(name, status)
        return True

    def overview(self):
        names = [os.path.basename(f)[:-5] for f in glob.glob(self.folder + "/*.json")]
        return dict((n, self._status(n)) for n in sorted(names))
