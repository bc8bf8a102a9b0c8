"""The upload folder of atelier 1 (Flask).  Still mounted under /old/materials."""

import os
import time

from flask import Blueprint, abort, request, send_from_directory
from werkzeug.utils import secure_filename

ALLOWED = {".pdf", ".png", ".jpg", ".jpeg", ".txt", ".zip"}


class FileDrop:
    def __init__(self, folder="/var/atelier/uploads"):
        self.folder = folder

    def save(self, user, storage):
        name = secure_filename(storage.filename)
        if os.path.splitext(name)[1].lower() not in ALLOWED:
            raise ValueError("file type not allowed")
        folder = os.path.join(self.folder, str(user))
        if not os.path.isdir(folder):
            os.makedirs(folder)
        name = "%d_%s" % (time.time(), name)
        storage.save(os.path.join(folder, name))
        return name

    def files(self, user):
        folder = os.path.join(self.folder, str(user))
        return sorted(os.listdir(folder)) if os.path.isdir(folder) else []

    def delete(self, user, name):
        os.unlink(os.path.join(self.folder, str(user), secure_filename(name)))


materials = Blueprint("materials", __name__)
drop = FileDrop()


@materials.post("/old/materials")
def upload():
    if "file" not in request.files:
        abort(400)
    return {"name": drop.save(request.environ["atelier.user"], request.files["file"])}


@materials.get("/old/materials/<user>/<name>")
def download(user, name):
    return send_from_directory(os.path.join(drop.folder, user), name)
