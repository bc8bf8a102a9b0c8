#!/usr/bin/env python3
import logging
import pathlib
import subprocess
from datetime import date, timedelta

logger = logging.getLogger("nightly")


class NightlyDumper:
    """Moodle's database and its data directory, every night, to the NAS."""

    def __init__(self, nas="/mnt/nas/moodle", days=14):
        self.nas = pathlib.Path(nas)
        self.days = days

    def dump(self, db, datadir):
        folder = self.nas / date.today().isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / f"{db}.sql", "wb") as out:
            subprocess.check_call(
                ["mysqldump", "--single-transaction", "--routines", db], stdout=out
            )
        subprocess.check_call(["gzip", "-f", str(folder / f"{db}.sql")])
        subprocess.check_call(
            ["tar", "cf", str(folder / "data.tar"), "-C", datadir, "."]
        )
        logger.info("dumped %s and %s to %s", db, datadir, folder)

    def load(self, day, db, datadir):
        folder = self.nas / day.isoformat()
        unzip = subprocess.Popen(
            ["zcat", str(folder / f"{db}.sql.gz")], stdout=subprocess.PIPE
        )
        subprocess.check_call(["mysql", db], stdin=unzip.stdout)
        subprocess.check_call(["tar", "xf", str(folder / "data.tar"), "-C", datadir])

    def cleanup(self):
        limit = (date.today() - timedelta(days=self.days)).isoformat()
        for folder in self.nas.iterdir():
            if folder.name < limit:
                subprocess.call(["rm", "-r", str(folder)])


if __name__ == "__main__":
    dumper = NightlyDumper()
    dumper.dump("moodle", "/srv/moodledata")
    dumper.cleanup()
