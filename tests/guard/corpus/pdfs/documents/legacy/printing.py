# -*- coding: utf-8 -*-
# 2012. Still used by the nightly dunning run and by "print all" in the admin.
import os
import tempfile

from django.conf import settings
from django.template import Context, Template
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer


class PrintEngine(object):
    def __init__(self, template_dir=None, outdir=None):
        self.template_dir = template_dir or settings.PRINT_TEMPLATES
        self.outdir = outdir or tempfile.gettempdir()
        self.styles = getSampleStyleSheet()
        self.queue = []

    def add(self, template, data):
        self.queue.append((template, data))

    def _story(self, template, data):
        fn = os.path.join(self.template_dir, template + ".txt")
        with open(fn) as f:
            text = Template(f.read()).render(Context(data))
        story = []
        for block in text.split("\n\n"):
            style = self.styles["Normal"]
            if block.startswith("# "):
                block = block[2:]
                style = self.styles["Heading1"]
            story.append(Paragraph(block.replace("\n", "<br/>"), style))
            story.append(Spacer(1, 4 * mm))
        return story

    def run(self, filename):
        """Make one PDF of everything in the queue."""
        path = os.path.join(self.outdir, filename)
        doc = SimpleDocTemplate(path, pagesize=A4, leftMargin=20 * mm)
        story = []
        for template, data in self.queue:
            story.extend(self._story(template, data))
            story.append(PageBreak())
        doc.build(story)
        self.queue = []
        return path


class MissingTemplate(Exception):
    pass
