"""Mathematics as other places write it, and its form here."""
