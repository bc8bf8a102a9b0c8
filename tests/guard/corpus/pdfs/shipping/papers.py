from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from weasyprint import CSS, HTML


class ShippingPaperRenderer:
    """Renders waybills and customs forms to PDF.

    Taken over from documents.rendering (spring 2019), with our own page size
    and without the archive profile, which the label printers do not swallow.
    """

    def __init__(self, base_url=None, page_size="A6"):
        self.base_url = base_url or settings.STATIC_ROOT
        self.page_size = page_size

    def render(self, template_name, context):
        html = render_to_string(template_name, context)
        document = HTML(string=html, base_url=self.base_url).render(
            stylesheets=self.stylesheets()
        )
        return document.write_pdf()

    def render_to_file(self, template_name, context, path):
        content = self.render(template_name, context)
        Path(path).write_bytes(content)
        return path

    def stylesheets(self):
        return [CSS(string="@page { size: %s; margin: 3mm }" % self.page_size)]


class ZplLabel:
    """A parcel label in the Zebra printers' own language."""

    def __init__(self, parcel):
        self.parcel = parcel
        self.commands = ["^XA"]

    def text(self, x, y, value, height=30):
        self.commands.append(f"^FO{x},{y}^A0N,{height}^FD{value}^FS")
        return self

    def barcode(self, x, y, value):
        self.commands.append(f"^FO{x},{y}^BCN,100^FD{value}^FS")
        return self

    def render(self):
        return "\n".join(self.commands + ["^XZ"]).encode("ascii")


def print_waybill(shipment):
    papers = ShippingPaperRenderer()
    return papers.render_to_file(
        "shipping/waybill.html",
        {"s": shipment},
        f"/var/spool/waybills/{shipment.pk}.pdf",
    )
