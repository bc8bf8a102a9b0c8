import gettext

from speech.AbstractCatalog import AbstractCatalog
from speech.Message import Message


class MessageCatalog(AbstractCatalog):
    """What is said to people, in their language."""

    def loadCatalog(self, path):
        with open(path, "rb") as file:
            found = gettext.GNUTranslations(file)
        for key, text in found._catalog.items():
            self.messages[key] = Message(key, text)

    def getMessage(self, key, values):
        if not self.hasMessage(key):
            return key
        return self.messages[key].getMessage(values)

    def getPlural(self, key, count, values):
        return self.messages[key].getPlural(count, values)

    def listKeys(self):
        return sorted(self.messages)

    def switchLocale(self, locale, path):
        self.locale = locale
        self.messages.clear()
        self.loadCatalog(path)
