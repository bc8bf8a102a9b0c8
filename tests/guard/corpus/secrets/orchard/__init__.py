__version__ = "11.3.0"
