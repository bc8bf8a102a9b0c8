"""Pictures of the goods in the web shop (calendars, posters, mugs)."""

import io

import boto3
from PIL import Image, ImageOps


class ProductPictures:
    """S, M and L of each article's photo in the shop bucket"""

    FORMATS = {"S": 100, "M": 300, "L": 800}

    def __init__(self, bucket="shop-pics"):
        self.s3 = boto3.client("s3")
        self.bucket = bucket

    def _key(self, articleNo, fmt):
        return "articles/%s/%s.webp" % (articleNo, fmt)

    def store(self, articleNo, photo):
        """photo: an open file of the full picture. Makes and stores all formats"""
        full = ImageOps.exif_transpose(Image.open(photo)).convert("RGB")
        for fmt, edge in self.FORMATS.items():
            small = ImageOps.pad(full, (edge, edge), color=(255, 255, 255))
            buf = io.BytesIO()
            small.save(buf, "WEBP", quality=82)
            self.s3.put_object(
                Bucket=self.bucket,
                Key=self._key(articleNo, fmt),
                Body=buf.getvalue(),
                ContentType="image/webp",
            )

    def url(self, articleNo, fmt="M"):
        return "https://%s.s3.amazonaws.com/%s" % (
            self.bucket,
            self._key(articleNo, fmt),
        )

    def fetch(self, articleNo, fmt="M"):
        return self.s3.get_object(Bucket=self.bucket, Key=self._key(articleNo, fmt))[
            "Body"
        ].read()

    def delete(self, articleNo):
        self.s3.delete_objects(
            Bucket=self.bucket,
            Delete={
                "Objects": [{"Key": self._key(articleNo, f)} for f in self.FORMATS]
            },
        )
