import codecs


class TextConverter:
    """Converts files of the bank (DTAUS, MT940) from one character set to another."""

    def __init__(self, errors="replace"):
        self.errors = errors

    def convert(self, data, fromCharset, toCharset):
        if fromCharset == toCharset:
            return data
        return data.decode(fromCharset, self.errors).encode(toCharset, self.errors)

    def convertFile(self, path, fromCharset, toCharset):
        with open(path, "rb") as source:
            data = source.read()
        with open(path + "." + toCharset, "wb") as target:
            target.write(self.convert(data, fromCharset, toCharset))

    def supports(self, charset):
        try:
            codecs.lookup(charset)
        except LookupError:
            return False
        return True
