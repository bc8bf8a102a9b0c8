class IndexBroken(RuntimeError):
    def optimize(self):
        return "rebuild it"
