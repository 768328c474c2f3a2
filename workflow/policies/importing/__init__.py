"""What rows of files mean."""
