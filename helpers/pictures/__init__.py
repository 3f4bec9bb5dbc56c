"""What the course draws, still or live."""
