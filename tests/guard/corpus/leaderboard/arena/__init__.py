"""Arena: the game back end (asyncio)."""
