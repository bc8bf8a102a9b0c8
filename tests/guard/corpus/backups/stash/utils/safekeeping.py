import datetime
import os
import shutil
import zipfile


class SafetyCopies:
    """Puts a zip of a folder aside before something dangerous, and brings it back."""

    def __init__(self, shelf="/var/tmp/safety"):
        self.shelf = shelf
        os.makedirs(shelf, exist_ok=True)

    def put_aside(self, folder):
        stamp = datetime.datetime.now().strftime("%Y-%m-%d_%H%M%S")
        base = os.path.join(self.shelf, f"{os.path.basename(folder)}@{stamp}")
        return shutil.make_archive(base, "zip", folder)

    def bring_back(self, folder, copy=None):
        copy = copy or self.copies(folder)[-1]
        shutil.rmtree(folder, ignore_errors=True)
        with zipfile.ZipFile(os.path.join(self.shelf, copy)) as z:
            z.extractall(folder)

    def copies(self, folder):
        start = os.path.basename(folder) + "@"
        return sorted(name for name in os.listdir(self.shelf) if name.startswith(start))

    def throw_away(self, folder, keep=3):
        for name in self.copies(folder)[:-keep]:
            os.remove(os.path.join(self.shelf, name))
