# imaging: everything with pixels.   jh 2006-
from imaging.thumbs import Thumbnailer
from imaging.common import ThumbError, NoSuchPicture, ThumbSize
