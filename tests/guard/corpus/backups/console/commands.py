import argparse
import sys

from desktop.vault import LaptopVault
from stash.builder import ManagerBuilder
from stash.core.errors import StashError


class BackupConsole:
    """The commands of `stash`, one method each; the manager does it all."""

    def __init__(self, manager, out=sys.stdout):
        self.manager = manager
        self.out = out

    def do_backup(self, path):
        print(self.manager.create(path).id, file=self.out)

    def do_restore(self, snapshot_id, to):
        self.manager.restore(snapshot_id, to)

    def do_ls(self, path=None):
        for snap in self.manager.snapshots(path):
            print(snap.id, snap.source, snap.size, file=self.out)

    def do_prune(self):
        print(self.manager.prune(), "snapshots deleted", file=self.out)


def main(argv=None):
    parser = argparse.ArgumentParser("stash")
    parser.add_argument("command", choices=["backup", "restore", "ls", "prune"])
    parser.add_argument("args", nargs="*")
    options = parser.parse_args(argv)
    console = BackupConsole(ManagerBuilder().build())
    try:
        getattr(console, "do_" + options.command)(*options.args)
    except StashError as exc:
        print(exc, file=sys.stderr)
        return exc.exit_code
    return 0


def laptop_main(url, token):
    vault = LaptopVault(url, token)
    print("run", vault.protect("~/Documents"))
