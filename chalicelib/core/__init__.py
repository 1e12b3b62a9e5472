"""The pure heart of Tamga: bytes and `now` in, values or our own errors out."""
