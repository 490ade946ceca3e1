"""Ways to compute a schedule: each module makes of one a function of the inputs' values."""
