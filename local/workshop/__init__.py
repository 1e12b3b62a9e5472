"""Workshop pack: twenty practice permits on paper, cards that describe the goods, and the trainer's key."""
