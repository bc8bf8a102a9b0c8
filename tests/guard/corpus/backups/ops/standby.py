import subprocess

import requests


class BackupServerManager:
    """The standby ("backup") machines: takes over the floating address, gives it back."""

    def __init__(self, address, primary, backups):
        self.address = address
        self.primary = primary
        self.backups = list(backups)
        self.active = primary

    def healthy(self, host):
        try:
            return requests.get(f"http://{host}:8080/health", timeout=2).ok
        except requests.RequestException:
            return False

    def failover(self):
        for host in self.backups:
            if self.healthy(host):
                self._move(host)
                return host
        raise RuntimeError("no healthy backup server")

    def restore(self):
        if self.active != self.primary and self.healthy(self.primary):
            self._move(self.primary)

    def _move(self, host):
        subprocess.check_call(
            ["ssh", self.active, "ip", "addr", "del", self.address, "dev", "eth0"]
        )
        subprocess.check_call(
            ["ssh", host, "ip", "addr", "add", self.address, "dev", "eth0"]
        )
        self.active = host
