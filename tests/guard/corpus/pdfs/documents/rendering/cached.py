import hashlib
import json

from django.core.cache import caches
from django.core.serializers.json import DjangoJSONEncoder

from documents.rendering.renderer import PdfRenderer


class CachedPdfRenderer:
    """Remembers what has been rendered for an hour.

    The price list is asked for some thousand times a day.
    """

    def __init__(self, renderer, cache_name="pdf", ttl=3600):
        self.renderer = renderer
        self.cache = caches[cache_name]
        self.ttl = ttl

    def _key(self, template_name, context, language):
        raw = json.dumps(
            [template_name, context, language], cls=DjangoJSONEncoder, sort_keys=True
        )
        return "pdf:" + hashlib.sha1(raw.encode()).hexdigest()

    def render(self, template_name, context, *, language=None):
        key = self._key(template_name, context, language)
        rendered = self.cache.get(key)
        if rendered is None:
            rendered = self.renderer.render(template_name, context, language=language)
            self.cache.set(key, rendered, self.ttl)
        return rendered

    def render_to_file(self, template_name, context, path):
        rendered = self.render(template_name, context)
        with open(path, "wb") as out:
            out.write(rendered.content)
        return rendered


class LetterheadPdfRenderer(PdfRenderer):
    """The same, on the letterhead of one of our brands."""

    def __init__(self, brand, **kwargs):
        super().__init__(**kwargs)
        self.brand = brand

    def render(self, template_name, context, *, language=None):
        context = dict(
            context, letterhead=self.brand.letterhead_url, colour=self.brand.colour
        )
        return super().render(template_name, context, language=language)
