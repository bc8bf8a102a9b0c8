from io import BytesIO

from reportlab.lib.pagesizes import A6
from reportlab.pdfgen import canvas


class VoucherPrinter:
    """Puts a voucher on a nice A6 card for the shops."""

    def __init__(self, logo_path):
        self.logo_path = logo_path

    def render(self, voucher):
        out = BytesIO()
        page = canvas.Canvas(out, pagesize=A6)
        page.drawImage(self.logo_path, 20, 340, width=120, height=40)
        page.setFont("Helvetica-Bold", 22)
        page.drawCentredString(A6[0] / 2, 220, voucher.code)
        unit = "%" if voucher.kind == "percent" else "EUR"
        page.drawCentredString(A6[0] / 2, 180, "%s %s off" % (voucher.value, unit))
        page.save()
        return out.getvalue()
