"""One WebSocket manager that makes an AI chat product's golden path hold."""
