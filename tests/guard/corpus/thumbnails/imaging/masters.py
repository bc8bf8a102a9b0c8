import os
import shutil


class MasterStore:
    """the originals, as the photographers delivered them. Never changed."""

    def __init__(self, root):
        self.root = root

    def pathFor(self, picId):
        return os.path.join(self.root, "%03d" % (int(picId) % 1000), str(picId))

    def get(self, picId):
        if not os.path.exists(self.pathFor(picId)):
            return None
        with open(self.pathFor(picId), "rb") as f:
            return f.read()

    def put(self, picId, fileName):
        p = self.pathFor(picId)
        if not os.path.isdir(os.path.dirname(p)):
            os.makedirs(os.path.dirname(p))
        shutil.copyfile(fileName, p)
        os.chmod(p, 0o444)

    def remove(self, picId):
        os.unlink(self.pathFor(picId))

    def has(self, picId):
        return os.path.exists(self.pathFor(picId))
