"""talkback: what readers write below our articles."""
