from django.dispatch import Signal

order_changed = Signal()
