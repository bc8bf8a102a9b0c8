"""Survey results as a zip with one file for each question."""

import csv
import io
import json
import os
import zipfile
from datetime import datetime

from flask import Blueprint, send_file

from hub.legacy.db import query

survey_pages = Blueprint("surveys", __name__)


class ResultsPackager:
    def __init__(self, out_dir="/srv/hub/surveys/out"):
        self.out_dir = out_dir
        self.made = {}

    def build(self, survey_id, title, tables, fmt="csv"):
        """Write the tables (name -> (columns, rows)) to an archive to be downloaded."""
        path = os.path.join(self.out_dir, "%s-%s.zip" % (survey_id, fmt))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, (columns, rows) in tables.items():
                archive.writestr(
                    "%s/%s.%s" % (title, name, fmt), self._encode(columns, rows, fmt)
                )
        self.made[survey_id] = (path, datetime.now())
        return path

    def _encode(self, columns, rows, fmt):
        if fmt == "json":
            return json.dumps([dict(zip(columns, row)) for row in rows], default=str)
        text = io.StringIO()
        lines = csv.writer(text)
        lines.writerow(columns)
        lines.writerows(rows)
        return text.getvalue()

    def path_of(self, survey_id):
        return self.made[survey_id][0]

    def discard(self, survey_id):
        path, _ = self.made.pop(survey_id)
        os.remove(path)


packager = ResultsPackager()


@survey_pages.get("/surveys/<int:survey_id>/results.zip")
def results(survey_id):
    tables = {}
    _, questions = query("SELECT id, text FROM questions WHERE survey = ?", [survey_id])
    for question, text in questions:
        tables["q%d" % question] = query(
            "SELECT * FROM answers WHERE question = ?", [question]
        )
    return send_file(packager.build(survey_id, "survey", tables), as_attachment=True)
