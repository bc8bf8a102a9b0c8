import copy
import subprocess

from stash.utils.safekeeping import SafetyCopies
from webteam.snapshots import SiteSnapshotter


class SettingsHistory:
    """Undo and redo in the site's settings form; lives as long as the browser tab."""

    def __init__(self, settings):
        self.settings = settings
        self._undo = []
        self._redo = []

    def snapshot(self):
        self._undo.append(copy.deepcopy(self.settings))
        self._redo.clear()

    def restore(self):
        if self._undo:
            self._redo.append(copy.deepcopy(self.settings))
            self.settings.clear()
            self.settings.update(self._undo.pop())

    def redo(self):
        if self._redo:
            self._undo.append(copy.deepcopy(self.settings))
            self.settings.clear()
            self.settings.update(self._redo.pop())


def deploy(site, revision):
    snaps = SiteSnapshotter(site)
    SafetyCopies().put_aside(f"/etc/nginx/{site}")
    before = snaps.take()
    done = subprocess.run(["git", "-C", f"/var/www/{site}", "checkout", revision])
    if done.returncode:
        snaps.roll_back(before)
    snaps.expire()
