class Message(object):
    def __init__(self, key, text):
        self.key = key
        self.text = text
        self.notes = []

    def getMessage(self, values):
        return self.text.format(**values)

    def getPlural(self, count, values):
        one, _, many = self.text.partition("|")
        return (one if count == 1 else many or one).format(count=count, **values)
