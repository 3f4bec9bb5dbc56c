"""Tools that keep the repository in shape; run as ``python -m tools.notebooks`` and so on."""
