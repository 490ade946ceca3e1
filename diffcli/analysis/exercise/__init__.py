"""Exercises: what is asked, the truth of it, and answers held against that."""
