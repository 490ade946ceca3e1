"""Results to text: for people, for scripts (terse), for programs (JSON)."""
