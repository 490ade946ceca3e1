"""Pictures of descents, by matplotlib, which is an extra: only the modules of this package import it."""
