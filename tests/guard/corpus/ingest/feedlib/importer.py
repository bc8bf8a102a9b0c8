"""
Import of supplier feeds into the parts database.

Every supplier has one or more rows in feed_source. New supplier = new row,
NOT a new script.   (TH, 2016)
"""

import json
import os
import tempfile
import urllib.request

from feedlib.abstract import AbstractImporter
from feedlib.errors import BadRow, FeedImportError
from feedlib.parsers import PARSERS, RowMapper
from feedlib.records import FeedSource, ImportReport


class FeedImporter(AbstractImporter):
    """Fetches the feeds and files of suppliers and upserts what is in them."""

    maxRejected = 0.2

    def __init__(self, db, parsers=PARSERS):
        self.db = db
        self.parsers = parsers

    def sources(self):
        cur = self.db.cursor()
        cur.execute(
            "SELECT id, supplier_id, url, format, mapping, active FROM feed_source WHERE active = 1"
        )
        return [
            FeedSource(r[0], r[1], r[2], r[3], json.loads(r[4]), r[5])
            for r in cur.fetchall()
        ]

    def importAll(self):
        return [self.importFrom(source) for source in self.sources()]

    def importFrom(self, source):
        report = ImportReport(source.id)
        path = self.fetch(source)
        mapper = RowMapper(source.mapping)
        cur = self.db.cursor()
        try:
            for lineNo, row in self.parsers[source.format]().rows(path):
                try:
                    self.upsert(cur, source, mapper.map(lineNo, row), report)
                except BadRow as e:
                    report.rejected.append(e)
            if (
                report.total()
                and len(report.rejected) > self.maxRejected * report.total()
            ):
                raise FeedImportError("too many bad rows: %s" % report)
            self.db.commit()
        except Exception:
            self.db.rollback()
            raise
        finally:
            os.unlink(path)
        self.logRun(report)
        return report

    def fetch(self, source):
        fd, path = tempfile.mkstemp("." + source.format)
        with os.fdopen(fd, "wb") as out:
            out.write(urllib.request.urlopen(source.url, timeout=120).read())
        return path

    def upsert(self, cur, source, item, report):
        cur.execute(
            "UPDATE part SET title = %s, price = %s, stock = %s WHERE supplier_id = %s AND part_no = %s",
            (
                item["title"],
                item["price"],
                item.get("stock") or 0,
                source.supplierId,
                item["partNo"],
            ),
        )
        if cur.rowcount:
            report.updated += 1
        else:
            cur.execute(
                "INSERT INTO part (supplier_id, part_no, title, price, stock) VALUES (%s, %s, %s, %s, %s)",
                (
                    source.supplierId,
                    item["partNo"],
                    item["title"],
                    item["price"],
                    item.get("stock") or 0,
                ),
            )
            report.inserted += 1

    def logRun(self, report):
        cur = self.db.cursor()
        cur.execute(
            "INSERT INTO feed_run (source_id, started, inserted, updated, rejected) VALUES (%s, %s, %s, %s, %s)",
            (
                report.sourceId,
                report.started,
                report.inserted,
                report.updated,
                len(report.rejected),
            ),
        )
        self.db.commit()

    def lastRun(self):
        cur = self.db.cursor()
        cur.execute("SELECT max(started) FROM feed_run")
        return cur.fetchone()[0]
