from django.template.loader import render_to_string
from weasyprint import CSS, HTML


class PdfLayout:
    """Turns a document and a template into a PDF on our letterhead."""

    def __init__(self, template, stylesheet="billing/letterhead.css"):
        self.template = template
        self.stylesheet = stylesheet

    def render(self, **context):
        html = render_to_string(self.template, context)
        return HTML(string=html).write_pdf(stylesheets=[CSS(self.stylesheet)])
