"""Results for people, as a command shows them on a screen: one module for each command, and the parts that they share."""
