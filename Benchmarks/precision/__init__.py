"""Is training in bfloat16 as good as in float32? Seeds of both, compared by losses and by the distance KID.

CycleGAN is Patina's; features are those of the Inception network of 2015 (Szegedy et al., arXiv 1512.00567).
"""
