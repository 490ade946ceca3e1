"""Pictures as text for other programs: DOT, Mermaid, TikZ."""
