class LocaleListener(object):
    def switchLocale(self, locale, path):
        pass

    def loadCatalog(self, path):
        raise NotImplementedError
