"""What the commands mean: each analysis returns a frozen result."""
