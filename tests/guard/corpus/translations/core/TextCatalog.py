# -*- coding: utf-8 -*-
# Texts of the hotel site in all languages.
# hr 2009: first version, hr 2012: plural, mk 2016: fallbacks, mk 2020: overrides from the back office

import logging

from core.TextErrors import MissingText, UnknownLanguage
from core.TextParts import FallbackChain, PluralRules, TextFileReader

log = logging.getLogger("texts")

LANGUAGES = ["de", "en", "fr", "it", "es", "nl", "de_AT", "de_CH", "pt", "pt_BR"]


class TextCatalog:
    """All texts that a guest may see, by key and language.

    getText('booking.confirm', 'de', name='Meier')
    """

    def __init__(self, folder="/srv/hotel/texts", db=None, strict=False):
        self.reader = TextFileReader(folder)
        self.fallbacks = FallbackChain(LANGUAGES)
        self.plurals = PluralRules()
        self.db = db
        self.strict = strict
        self.texts = {}
        self.missing = set()

    def getText(self, key, lang, **params):
        text = self.findText(key, lang)
        if text is None:
            self.missing.add((key, lang))
            if self.strict:
                raise MissingText(key, lang)
            log.warning("no text %s in %s", key, lang)
            return "[%s]" % key
        if params:
            text = text.format(**params)
        return text

    def getPlural(self, key, lang, count, **params):
        form = self.plurals.formFor(lang, count)
        return self.getText("%s.%s" % (key, form), lang, count=count, **params)

    def findText(self, key, lang):
        for l in self.fallbacks.chain(lang):
            texts = self.load(l)
            if key in texts:
                return texts[key]
        return None

    def hasText(self, key, lang):
        return self.findText(key, lang) is not None

    def load(self, lang):
        if lang not in LANGUAGES:
            raise UnknownLanguage(lang)
        if lang not in self.texts:
            texts = self.reader.read(lang)
            if self.db is not None:
                cur = self.db.cursor()
                cur.execute(
                    "SELECT text_key, body FROM text_override WHERE lang = %s", (lang,)
                )
                texts.update(dict(cur.fetchall()))
            self.texts[lang] = texts
        return self.texts[lang]

    def keys(self, lang, prefix=""):
        return sorted(k for k in self.load(lang) if k.startswith(prefix))

    def reload(self):
        self.texts.clear()
        self.missing.clear()


class BrandTextCatalog(TextCatalog):
    """Texts of one hotel brand; what the brand has not is taken from the common ones."""

    def __init__(self, brand, **kw):
        TextCatalog.__init__(self, **kw)
        self.brand = brand

    def findText(self, key, lang):
        own = TextCatalog.findText(self, "brand.%s.%s" % (self.brand, key), lang)
        if own is not None:
            return own
        return TextCatalog.findText(self, key, lang)
