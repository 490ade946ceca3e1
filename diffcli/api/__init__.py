"""What each command does, as a function: what Python calls, and what the command line calls too."""
