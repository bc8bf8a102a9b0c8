# See presence/registry.py
