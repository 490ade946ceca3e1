"""What PyTorch records of each primitive: the nodes of its backward graph and the tensors they keep.

Facts about PyTorch, stated here and nowhere else. Nothing imports torch.
"""
