import hashlib
import logging
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from weasyprint import CSS, HTML

from documents.rendering.base import DocumentRenderer, RenderError

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class RenderedDocument:
    content: bytes
    content_type: str
    pages: int
    rendered_at: object = field(default_factory=timezone.now)

    @property
    def checksum(self):
        return hashlib.sha256(self.content).hexdigest()


class FontCatalogue:
    """The fonts we have a licence to embed, as @font-face rules."""

    def __init__(self, directory):
        self.directory = Path(directory)
        self._faces = None

    def faces(self):
        if self._faces is None:
            self._faces = [
                "@font-face { font-family: '%s'; src: url('file://%s'); }"
                % (path.stem, path)
                for path in sorted(self.directory.glob("*.ttf"))
            ]
        return self._faces

    def stylesheet(self):
        return CSS(string="\n".join(self.faces()))


class PdfRenderer(DocumentRenderer):
    """Renders a Django template to PDF.

    Everything that leaves the house as a PDF should go through here: it knows
    the house fonts, the page sizes, and the PDF/A profile that the archive
    insists on.
    """

    content_type = "application/pdf"
    extension = "pdf"

    def __init__(
        self, fonts=None, base_url=None, page_size="A4", pdf_variant="pdf/a-3b"
    ):
        self.fonts = fonts or FontCatalogue(settings.PDF_FONT_DIR)
        self.base_url = base_url or settings.STATIC_ROOT
        self.page_size = page_size
        self.pdf_variant = pdf_variant

    def render(self, template_name, context, *, language=None):
        with translation.override(language or settings.LANGUAGE_CODE):
            html = render_to_string(template_name, context)
        return self.render_html(html, name=template_name)

    def render_html(self, html, name="<string>"):
        try:
            document = HTML(string=html, base_url=self.base_url).render(
                stylesheets=self.stylesheets()
            )
            content = document.write_pdf(pdf_variant=self.pdf_variant)
        except (ValueError, OSError) as exc:
            logger.exception("cannot render %s", name)
            raise RenderError(name, str(exc)) from exc
        return RenderedDocument(content, self.content_type, len(document.pages))

    def render_to_file(self, template_name, context, path):
        rendered = self.render(template_name, context)
        Path(path).write_bytes(rendered.content)
        return rendered

    def stylesheets(self):
        page = CSS(string="@page { size: %s; margin: 20mm 18mm }" % self.page_size)
        return [self.fonts.stylesheet(), page]
