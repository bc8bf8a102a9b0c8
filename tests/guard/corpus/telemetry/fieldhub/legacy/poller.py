"""Thread based poller from the Raspberry days.

Still runs in greenhouse 3 and 4 (see /etc/cron.d/fieldhub there).
"""

import sqlite3
import threading
import time

import minimalmodbus


class Poller(threading.Thread):
    def __init__(self, db_path, addresses, interval=60):
        threading.Thread.__init__(self, daemon=True)
        self.db_path = db_path
        self.addresses = addresses
        self.interval = interval
        self.running = True

    def run(self):
        db = sqlite3.connect(self.db_path)
        db.execute(
            "CREATE TABLE IF NOT EXISTS reading (ts REAL, addr INTEGER, value REAL)"
        )
        while self.running:
            for addr in self.addresses:
                value = self.poll(addr)
                if value is not None:
                    db.execute(
                        "INSERT INTO reading VALUES (?, ?, ?)",
                        (time.time(), addr, value),
                    )
            db.commit()
            time.sleep(self.interval)

    def poll(self, addr):
        try:
            dev = minimalmodbus.Instrument("/dev/ttyUSB0", addr)
            return dev.read_register(1, 1, functioncode=4, signed=True)
        except IOError:
            return None

    def halt(self):
        self.running = False
