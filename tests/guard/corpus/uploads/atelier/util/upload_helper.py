import mimetypes
import uuid

from minio import Minio


class UploadHelper:
    """Put a user's file into minio and remember it. Copied from the blog engine, thanks Tim!"""

    def __init__(self, conn, endpoint="minio:9000", bucket="user-files"):
        self.conn = conn
        self.bucket = bucket
        self.minio = Minio(endpoint, secure=False)

    def handle_upload(self, user_id, fileobj, filename, size):
        key = "%s/%s" % (user_id, uuid.uuid4().hex)
        mime = mimetypes.guess_type(filename)[0] or "application/octet-stream"
        self.minio.put_object(self.bucket, key, fileobj, size, content_type=mime)
        with self.conn.cursor() as cur:
            cur.execute(
                "INSERT INTO user_file (user_id, object_key, filename, mime) VALUES (%s, %s, %s, %s)",
                (user_id, key, filename, mime),
            )
        self.conn.commit()
        return key

    def get_url(self, key):
        return self.minio.presigned_get_object(self.bucket, key)

    def delete_upload(self, key):
        self.minio.remove_object(self.bucket, key)
        with self.conn.cursor() as cur:
            cur.execute("DELETE FROM user_file WHERE object_key = %s", (key,))
        self.conn.commit()
