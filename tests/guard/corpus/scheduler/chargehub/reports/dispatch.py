"""Weekly and monthly reports for site owners."""

import json
import logging
import os
from datetime import datetime, timedelta

import requests

logger = logging.getLogger("reports")

STATE = os.environ.get("REPORT_STATE", "/var/lib/chargehub/report_plan.json")


class ReportPlanner(object):
    """Knows which report has to go out when, and gets it out.

    Called by the container's entry point in an endless loop.
    """

    def __init__(self, path=STATE):
        self.path = path
        self.plan = {}
        if os.path.exists(path):
            with open(path) as fh:
                self.plan = json.load(fh)

    def register(self, report_id, first, days, url):
        self.plan[report_id] = {"next": first.isoformat(), "days": days, "url": url}
        self._save()

    def unregister(self, report_id):
        self.plan.pop(report_id, None)
        self._save()

    def tick(self, now=None):
        now = now or datetime.now()
        for report_id, entry in sorted(self.plan.items()):
            due = datetime.fromisoformat(entry["next"])
            if due > now:
                continue
            try:
                requests.post(
                    entry["url"], json={"report": report_id}, timeout=30
                ).raise_for_status()
            except requests.RequestException:
                logger.exception("report %s, will try at the next tick", report_id)
                continue
            while due <= now:
                due += timedelta(days=entry["days"])
            entry["next"] = due.isoformat()
        self._save()

    def _save(self):
        tmp = self.path + ".tmp"
        with open(tmp, "w") as fh:
            json.dump(self.plan, fh, indent=1)
        os.replace(tmp, self.path)
