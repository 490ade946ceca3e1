"""Real numbers as they are: fractions, and expressions without symbols."""
