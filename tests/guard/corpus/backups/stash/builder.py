import configparser

import stash.core.changed  # noqa: F401  (registers)
import stash.core.manager  # noqa: F401
import stash.plugins.storage  # noqa: F401
from stash.core.chunks import RetentionPolicy
from stash.plugins.notify import BackupReporter, NotifyingBackups
from stash.registry import registry


class ManagerBuilder:
    """Reads stash.ini and puts a BackupManager together."""

    def __init__(self, path="/etc/stash.ini"):
        self.conf = configparser.ConfigParser()
        self.conf.read(path)

    def build(self, engine=None):
        options = dict(self.conf["storage"])
        storage = registry.create("storage", options.pop("type"), **options)
        keep = (
            {k: int(v) for k, v in self.conf["keep"].items()}
            if "keep" in self.conf
            else {}
        )
        cls = registry.get(
            "engine", engine or self.conf.get("stash", "engine", fallback="files")
        )
        return cls(storage, RetentionPolicy(**keep))

    def build_notifying(self):
        mail = self.conf["mail"]
        return NotifyingBackups(self.build(), BackupReporter(mail["host"], mail["to"]))
