"""HR analytics, by pandas."""

from pathlib import Path

import pandas as pd

from hub.legacy.db import query

SHARE = Path("/mnt/share/hr/downloads")


class FrameExport:
    """Saves a data frame where the HR people can download it."""

    def __init__(self, share=SHARE):
        self.share = Path(share)

    def to_file(self, frame, name, kind="excel"):
        if kind == "excel":
            path = self.share / (name + ".xlsx")
            frame.to_excel(path, index=False, sheet_name=name[:31])
        elif kind == "csv":
            path = self.share / (name + ".csv")
            frame.to_csv(path, index=False, encoding="utf-8-sig")
        elif kind == "html":
            path = self.share / (name + ".html")
            frame.to_html(path, index=False)
        else:
            raise ValueError(kind)
        return path.as_uri()

    def drop(self, name):
        for path in self.share.glob(name + ".*"):
            path.unlink()


def headcount(year):
    columns, rows = query(
        "SELECT team, count(*) FROM staff WHERE year = ? GROUP BY team", [year]
    )
    return FrameExport().to_file(
        pd.DataFrame(rows, columns=columns), f"headcount-{year}"
    )
