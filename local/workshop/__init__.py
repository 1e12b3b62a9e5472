"""The workshop pack: twenty practice permits on paper, cards of the goods beside them, and the trainer's key."""
