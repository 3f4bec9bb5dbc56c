"""What the course costs and how fast it is, measured beside its peers."""
