from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views import View

from documents.models import StoredDocument
from documents.rendering.cached import CachedPdfRenderer
from documents.rendering.formats import renderers


class DocumentPrinter:
    """What the views and the admin actions call: a model in, a response out."""

    def __init__(self, renderer):
        self.renderer = renderer

    def print(self, document):
        rendered = self.renderer.render(document.template_name, document.context)
        response = HttpResponse(rendered.content, content_type=rendered.content_type)
        response["Content-Disposition"] = (
            f'inline; filename="{document.kind}-{document.pk}.pdf"'
        )
        return response

    def archive(self, document):
        rendered = self.renderer.render(document.template_name, document.context)
        document.checksum = rendered.checksum
        document.pages = rendered.pages
        document.file.save(f"{document.kind}.pdf", ContentFile(rendered.content))


class DocumentView(LoginRequiredMixin, View):
    def get(self, request, pk):
        document = get_object_or_404(StoredDocument, pk=pk)
        return DocumentPrinter(renderers.pdf()).print(document)


class PriceListView(View):
    def get(self, request):
        cached = CachedPdfRenderer(renderers.pdf("A3"))
        rendered = cached.render("prices/list.html", {"currency": "EUR"})
        return HttpResponse(rendered.content, content_type="application/pdf")
