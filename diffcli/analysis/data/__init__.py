"""Data of many rows: files of columns, what becomes of them, and how a run takes their rows."""
