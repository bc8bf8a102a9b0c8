"""geoflow: nightly load of customers, suppliers and stores into the warehouse."""

__version__ = "3.2.0"
