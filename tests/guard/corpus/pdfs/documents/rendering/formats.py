"""The formats beside PDF, and who gets which."""

import io
from pathlib import Path

import requests
from django.conf import settings
from docxtpl import DocxTemplate

from documents.rendering.base import DocumentRenderer, RenderError
from documents.rendering.renderer import PdfRenderer, RenderedDocument


class DocxRenderer(DocumentRenderer):
    """Word files, for customers who want to edit the contract."""

    content_type = (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    )
    extension = "docx"

    def render(self, template_name, context, *, language=None):
        source = Path(settings.DOCX_TEMPLATES) / f"{template_name}.docx"
        if not source.exists():
            raise RenderError(template_name, "no such Word template")
        template = DocxTemplate(source)
        template.render(context)
        buffer = io.BytesIO()
        template.save(buffer)
        return RenderedDocument(buffer.getvalue(), self.content_type, 0)

    def render_to_file(self, template_name, context, path):
        rendered = self.render(template_name, context)
        Path(path).write_bytes(rendered.content)
        return rendered


class EpubRenderer(DocumentRenderer):
    """E-books of the manuals, by the publisher's conversion service."""

    content_type = "application/epub+zip"
    extension = "epub"

    def __init__(self, endpoint=None):
        self.endpoint = endpoint or settings.EPUB_ENDPOINT

    def render(self, template_name, context, *, language=None):
        answer = requests.post(
            self.endpoint,
            json={"template": template_name, "vars": context, "lang": language or "en"},
            timeout=60,
        )
        if answer.status_code != 200:
            raise RenderError(template_name, answer.text[:200])
        return RenderedDocument(answer.content, self.content_type, 0)

    def render_to_file(self, template_name, context, path):
        rendered = self.render(template_name, context)
        Path(path).write_bytes(rendered.content)
        return rendered


class RendererFactory:
    """Hands out the renderer for a format; one instance per page size."""

    def __init__(self):
        self._pdf = {}

    def pdf(self, page_size="A4"):
        if page_size not in self._pdf:
            self._pdf[page_size] = PdfRenderer(page_size=page_size)
        return self._pdf[page_size]

    def for_extension(self, extension):
        if extension == "pdf":
            return self.pdf()
        if extension == "docx":
            return DocxRenderer()
        if extension == "epub":
            return EpubRenderer()
        raise KeyError(extension)


renderers = RendererFactory()
