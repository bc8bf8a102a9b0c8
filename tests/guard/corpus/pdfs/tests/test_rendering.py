from unittest import mock

from django.test import SimpleTestCase

from billing.invoicing import InvoicePdfMaker
from documents.rendering.formats import RendererFactory
from documents.rendering.renderer import PdfRenderer
from documents.views import DocumentPrinter
from tests.fakes import FakePdfRenderer


class PdfRendererTests(SimpleTestCase):
    def test_counts_pages(self):
        rendered = PdfRenderer(fonts=mock.Mock()).render_html("<p>one</p>")
        self.assertEqual(rendered.pages, 1)

    def test_factory_keeps_one_per_size(self):
        factory = RendererFactory()
        self.assertIs(factory.pdf("A3"), factory.pdf("A3"))

    def test_printer_names_the_file(self):
        document = mock.Mock(kind="invoice", pk=7, template_name="i.html", context={})
        response = DocumentPrinter(FakePdfRenderer()).print(document)
        self.assertIn("invoice-7.pdf", response["Content-Disposition"])

    def test_maker(self):
        self.assertTrue(
            InvoicePdfMaker("credit").make(invoice=None).startswith(b"%PDF")
        )
