"""Texts inside of page templates: {{ t['booking.confirm'] }}"""

import html


class TemplateTexts:
    """The catalog as a template sees it: like a dict, in the language of the page"""

    def __init__(self, catalog, lang):
        self.catalog = catalog
        self.lang = lang

    def __getitem__(self, key):
        return html.escape(self.catalog.getText(key, self.lang))

    def __call__(self, key, **params):
        return html.escape(self.catalog.getText(key, self.lang, **params))

    def raw(self, key):
        return self.catalog.getText(key, self.lang)


class MarkedCatalog:
    """For the translators' preview: as the catalog, but shows the key beside each text"""

    def __init__(self, catalog):
        self.catalog = catalog

    def getText(self, key, lang, **params):
        text = self.catalog.getText(key, lang, **params)
        return '<span data-text-key="%s" data-lang="%s">%s</span>' % (key, lang, text)

    def getPlural(self, key, lang, count, **params):
        return '<span data-text-key="%s">%s</span>' % (
            key,
            self.catalog.getPlural(key, lang, count, **params),
        )

    def hasText(self, key, lang):
        return self.catalog.hasText(key, lang)

    def reload(self):
        self.catalog.reload()
