# -*- coding: latin-1 -*-
import os

DB_HOST = os.environ.get("DB_HOST", "tourdb")
DB_NAME = "tour"
NOMINATIM = "http://nominatim.intern:8080"
GOOGLE_KEY = os.environ.get("GOOGLE_KEY", "")
BING_KEY = os.environ.get("BING_KEY", "")
MAPQUEST_KEY = os.environ.get("MAPQUEST_KEY", "")
DATA_DIR = os.environ.get("TOUR_DATA", "/srv/tour/data")
