"""stash: backups for the campus servers, by plugins.

>>> from stash.builder import ManagerBuilder
>>> manager = ManagerBuilder("/etc/stash.ini").build()
>>> manager.create("/srv/wiki")
"""
