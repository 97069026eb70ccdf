"""The demo shop's stock of words: goods, pages, people and settings as TOML, and the loader that refuses bad rows."""
