MEMCACHED = ["10.0.3.7:11211"]
FALLBACK_RATES = {
    "EUR": 1.0,
    "USD": 1.12,
    "GBP": 0.86,
    "SEK": 10.7,
    "JPY": 129.0,
    "KRW": 1330.0,
    "HUF": 358.0,
    "CHF": 1.04,
}
