"""Uses of a permit: the single-use rule, the lines of block 14, limits on their number."""
