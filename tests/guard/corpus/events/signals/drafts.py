class Drafts:
    def __init__(self, folder):
        self.folder = folder
        self.articles = {}

    def write(self, slug, text):
        self.articles[slug] = text

    def publish(self, slug):
        (self.folder / slug).write_text(self.articles.pop(slug))

    def pause(self, slug):
        self.articles[slug] = (self.folder / slug).read_text()

    def resume(self, slug):
        self.publish(slug)
