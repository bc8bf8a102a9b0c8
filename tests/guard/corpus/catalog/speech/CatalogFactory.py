from speech.MessageCatalog import MessageCatalog


class CatalogFactory(object):
    def __init__(self, folder):
        self.folder = folder

    def createCatalog(self, locale):
        catalog = MessageCatalog(locale)
        catalog.loadCatalog("%s/%s.mo" % (self.folder, locale))
        return catalog

    def createDefault(self):
        return MessageCatalog("en")
