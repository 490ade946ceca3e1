"""The manual: topics, and what to type; help, the man page and the documentation are made of it."""
