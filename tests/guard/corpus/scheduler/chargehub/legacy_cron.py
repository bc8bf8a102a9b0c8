"""The cron thread of the Flask days. Still started by ``manage.py worker``."""

import logging
import threading
import time

log = logging.getLogger("cron")


class CronThread(threading.Thread):
    def __init__(self, tick=20):
        threading.Thread.__init__(self, name="cron", daemon=True)
        self.tick = tick
        self.entries = []
        self.lock = threading.Lock()
        self.stopped = threading.Event()

    def at(self, hhmm, func, *args):
        """Run func every day at "hh:mm"."""
        hour, minute = [int(p) for p in hhmm.split(":")]
        with self.lock:
            self.entries.append(
                {
                    "hour": hour,
                    "minute": minute,
                    "func": func,
                    "args": args,
                    "last": None,
                }
            )

    def every(self, seconds, func, *args):
        with self.lock:
            self.entries.append(
                {"seconds": seconds, "func": func, "args": args, "last": 0}
            )

    def run(self):
        while not self.stopped.wait(self.tick):
            now = time.localtime()
            stamp = time.time()
            with self.lock:
                entries = list(self.entries)
            for e in entries:
                if "seconds" in e:
                    if stamp - e["last"] >= e["seconds"]:
                        e["last"] = stamp
                        self._call(e)
                elif (now.tm_hour, now.tm_min) == (e["hour"], e["minute"]) and e[
                    "last"
                ] != now.tm_yday:
                    e["last"] = now.tm_yday
                    self._call(e)

    def _call(self, e):
        try:
            e["func"](*e["args"])
        except Exception:
            log.exception("cron entry %s failed", e["func"])

    def stop(self):
        self.stopped.set()
