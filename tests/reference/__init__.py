"""The same expressions in PyTorch, value and gradients side by side."""
