"""atelier, the course platform."""

__version__ = "4.7.1"
