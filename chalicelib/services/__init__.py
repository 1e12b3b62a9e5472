"""What people do with permits, one verb a file."""
