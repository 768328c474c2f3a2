"""What data accounts print."""
