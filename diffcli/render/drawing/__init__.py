"""Pictures of a computation graph, from the words and roles in them down to each format."""
