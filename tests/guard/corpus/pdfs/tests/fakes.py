from documents.rendering.renderer import RenderedDocument


class FakePdfRenderer:
    """Keeps what it was asked for; the PDF is always the same."""

    content_type = "application/pdf"

    def __init__(self):
        self.calls = []

    def render(self, template_name, context, *, language=None):
        self.calls.append((template_name, context, language))
        return RenderedDocument(b"%PDF-fake", self.content_type, 1)

    def render_to_file(self, template_name, context, path):
        return self.render(template_name, context)
