"""Is what is applied for and what is signed: application, permit, shape, texts of the blocks."""
