"""What tests stand on: a database of their own, a real server, a browser, a crowd."""
