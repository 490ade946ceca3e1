"""Quizzes in files: sheets of questions and of solutions, and the formats of those who ask and grade."""
