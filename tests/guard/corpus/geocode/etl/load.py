import os
import sys

from etl.stepCoords import AddCoords
from etl.steps import DropDoubles, ReadCsv
from lib import config
from lib.db import execute


def load(path):
    rows = ()
    for step in (ReadCsv(path), DropDoubles("KDNR"), AddCoords("STR", "PLZ", "ORT")):
        rows = step.run(rows)
    for row in rows:
        execute(
            "REPLACE INTO stop (custno, lat, lon) VALUES (%s,%s,%s)",
            row["KDNR"],
            row["LAT"],
            row["LON"],
        )


if __name__ == "__main__":
    load(os.path.join(config.DATA_DIR, sys.argv[1]))
