"""What every output format of the document centre has to offer."""

from abc import ABC, abstractmethod


class DocumentRenderer(ABC):
    """Turns a template and its context into a finished file."""

    content_type = "application/octet-stream"
    extension = "bin"

    @abstractmethod
    def render(self, template_name, context, *, language=None):
        """Return a ``RenderedDocument``."""

    @abstractmethod
    def render_to_file(self, template_name, context, path):
        """Write the rendered document to ``path``."""


class RenderError(Exception):
    """A template could not be turned into a document."""

    def __init__(self, template_name, message):
        super().__init__(f"{template_name}: {message}")
        self.template_name = template_name
