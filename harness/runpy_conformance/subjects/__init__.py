"""Finding and describing what is under test."""
