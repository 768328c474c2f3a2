"""What customers see and do about their money in the portal."""
