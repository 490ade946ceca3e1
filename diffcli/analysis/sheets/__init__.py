"""Sheets of exercises: read from TOML, answered in files, marked."""
