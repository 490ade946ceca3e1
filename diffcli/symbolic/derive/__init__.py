"""The derivatives of a program, found, verified and worded."""
