"""The stock of security stamps."""
