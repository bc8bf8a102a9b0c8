# Ledger, the accounting of Nordwind Handel. Started 2007 (Python 2.4), on Python 3 since 2020.
__version__ = "8.14.2"
