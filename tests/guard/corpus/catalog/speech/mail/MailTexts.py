import gettext


class MailTexts(object):
    """A translation catalog for mail."""

    def __init__(self, locale):
        self.locale = locale
        self.loaded = {}

    def loadCatalog(self, path):
        with open(path, "rb") as file:
            self.loaded.update(gettext.GNUTranslations(file)._catalog)

    def getSubject(self, key, values):
        return self.loaded[key + ".subject"].format(**values)

    def getMessage(self, key, values):
        return self.loaded[key].format(**values)
