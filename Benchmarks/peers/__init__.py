"""CycleGAN in PyTorch's public API: what Patina is measured against.

Networks, losses and defaults are those of Zhu et al., ICCV 2017 (arXiv 1703.10593) and its published code.
"""
