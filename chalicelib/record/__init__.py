"""Application and permit: their fields, the form of each field, and the texts of the form's blocks."""
