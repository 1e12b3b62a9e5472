"""Records, confirms, corrects and withdraws other Parties' permits without a code, and asks about them."""
