"""Quizzes: exercises drawn from a table of topics, each tried before it is set."""
