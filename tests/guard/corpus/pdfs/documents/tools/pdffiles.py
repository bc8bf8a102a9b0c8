"""Things we do with PDFs that exist already."""

import io

from endesive.pdf import cms
from pdfminer.high_level import extract_pages, extract_text
from pypdf import PdfReader, PdfWriter


class PdfMerger:
    """Joins finished PDFs into one, with a bookmark for each."""

    def __init__(self):
        self.parts = []

    def add(self, title, content):
        self.parts.append((title, content))

    def write(self, path):
        writer = PdfWriter()
        for title, content in self.parts:
            first = len(writer.pages)
            for page in PdfReader(io.BytesIO(content)).pages:
                writer.add_page(page)
            writer.add_outline_item(title, first)
        with open(path, "wb") as out:
            writer.write(out)


class PdfTextReader:
    """Pulls the text out of the suppliers' invoices, for the search index."""

    def __init__(self, max_pages=20):
        self.max_pages = max_pages

    def read(self, path):
        return extract_text(path, maxpages=self.max_pages)

    def page_count(self, path):
        return sum(1 for _ in extract_pages(path))


class PdfSigner:
    """Puts the company's qualified signature on a PDF."""

    def __init__(self, key, certificate, chain):
        self.key = key
        self.certificate = certificate
        self.chain = chain

    def sign(self, content, reason):
        fields = {"sigflags": 3, "contact": "legal@example.com", "reason": reason}
        signature = cms.sign(
            content, fields, self.key, self.certificate, self.chain, "sha256"
        )
        return content + signature
