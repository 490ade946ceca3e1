"""Every function of the language, each defined once."""
