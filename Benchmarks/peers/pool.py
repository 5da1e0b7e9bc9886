"""The store of generated images that a discriminator is also shown."""

import random

import torch


class ImagePool:
    """The first images pass and are stored; then, at even odds, one is swapped for an older one."""

    def __init__(self, capacity: int = 50, seed: int = 0) -> None:
        self.capacity = capacity
        self.images: list[torch.Tensor] = []
        self.random = random.Random(seed)

    def exchange(self, batch: torch.Tensor) -> torch.Tensor:
        result = []
        for image in batch.detach().split(1):
            if len(self.images) < self.capacity:
                self.images.append(image.clone())
                result.append(image)
            elif self.random.random() < 0.5:
                place = self.random.randrange(self.capacity)
                result.append(self.images[place])
                self.images[place] = image.clone()
            else:
                result.append(image)
        return torch.cat(result)
