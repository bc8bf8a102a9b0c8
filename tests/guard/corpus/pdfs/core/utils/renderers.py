"""Renderers for the REST API and for comments."""

import csv
import io

import bleach
import markdown
import matplotlib.pyplot as plt
from rest_framework.renderers import BaseRenderer


class CsvRenderer(BaseRenderer):
    media_type = "text/csv"
    format = "csv"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        rows = data["results"] if isinstance(data, dict) else data
        buffer = io.StringIO()
        if rows:
            writer = csv.DictWriter(buffer, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return buffer.getvalue().encode("utf-8")


class MarkdownRenderer:
    """Comments: Markdown in, safe HTML out."""

    tags = ["p", "em", "strong", "a", "ul", "ol", "li", "code", "pre"]

    def __init__(self, extensions=("fenced_code", "nl2br")):
        self.md = markdown.Markdown(extensions=list(extensions))

    def render(self, text):
        html = self.md.reset().convert(text)
        return bleach.clean(html, tags=self.tags, strip=True)


class ChartRenderer:
    """PNG charts for the dashboard."""

    def __init__(self, width=8, height=4):
        self.size = (width, height)

    def render(self, series, title):
        figure, axes = plt.subplots(figsize=self.size)
        for label, points in series.items():
            axes.plot(*zip(*points), label=label)
        axes.set_title(title)
        axes.legend()
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png")
        plt.close(figure)
        return buffer.getvalue()

    def render_to_file(self, series, title, path):
        with open(path, "wb") as out:
            out.write(self.render(series, title))
