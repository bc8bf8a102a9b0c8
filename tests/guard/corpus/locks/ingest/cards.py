"""Reads camera cards: one reader a card, whichever host sees it first."""

import logging
import shutil
import threading
from pathlib import Path

from kazoo.client import KazooClient
from kazoo.exceptions import NodeExistsError, NoNodeError

from ingest.filelock import LockDir

log = logging.getLogger("ingest")


class ZkReservations:
    """Exclusive names over ZooKeeper; a host that dies loses its own."""

    base = "/ingest/reserved"

    def __init__(self, hosts):
        self.zk = KazooClient(hosts=hosts)
        self.zk.start()
        self.zk.ensure_path(self.base)

    def reserve(self, name, owner, timeout=None):
        freed = threading.Event()
        path = "%s/%s" % (self.base, name)
        while True:
            try:
                self.zk.create(path, owner.encode(), ephemeral=True)
                return True
            except NodeExistsError:
                freed.clear()
                if self.zk.exists(
                    path, watch=lambda event: freed.set()
                ) and not freed.wait(timeout):
                    return False

    def free(self, name, owner):
        path = "%s/%s" % (self.base, name)
        try:
            value, stat = self.zk.get(path)
        except NoNodeError:
            return
        if value.decode() == owner:
            self.zk.delete(path, version=stat.version)


class CardReader:
    def __init__(self, reservations, target, host):
        self.reservations = reservations
        self.target = Path(target)
        self.host = host
        self.share = LockDir()

    def read(self, serial, mount):
        if not self.reservations.reserve(serial, self.host, timeout=5):
            log.info("card %s is being read elsewhere", serial)
            return 0
        try:
            self.share.lock("target")
            try:
                files = [p for p in Path(mount).rglob("*.mxf")]
                for p in files:
                    shutil.copy2(p, self.target / serial / p.name)
            finally:
                self.share.unlock("target")
            return len(files)
        finally:
            self.reservations.free(serial, self.host)
