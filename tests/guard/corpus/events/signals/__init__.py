from signals.bus import EventBus

__all__ = ["EventBus"]
