"""One whole training step: generators first with the discriminators frozen, then the discriminators."""

from itertools import chain

import torch
from torch import nn
from torch.nn import functional as F

from peers.networks import discriminator, generator
from peers.pool import ImagePool
from peers.settings import Settings

CYCLE = 10.0
IDENTITY = 0.5  # multiplies CYCLE


def least_squares(scores: torch.Tensor, target: float) -> torch.Tensor:
    return F.mse_loss(scores, torch.full_like(scores, target))


class Trainer:
    """A is clean, B is defective; names are the published code's (`D_A` judges what `G_A` makes)."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.networks = {
            "G_A": generator(settings.filters, settings.blocks), "G_B": generator(settings.filters, settings.blocks),
            "D_A": discriminator(settings.filters), "D_B": discriminator(settings.filters)}
        for network in self.networks.values():
            settings.placed(network)

        def adam(*names: str) -> torch.optim.Adam:
            parameters = chain.from_iterable(self.networks[name].parameters() for name in names)
            return torch.optim.Adam(parameters, lr=2e-4, betas=(0.5, 0.999), fused=True)

        self.generator_optimizer = adam("G_A", "G_B")
        self.discriminator_optimizer = adam("D_A", "D_B")
        self.pool_b, self.pool_a = ImagePool(seed=1), ImagePool(seed=2)
        # Whole losses are compiled, so that the compiler sees all passes of a half step at once.
        wrap = torch.compile if settings.compiled else (lambda function: function)
        self.generators_loss = wrap(self._generators_loss)
        self.discriminator_loss = wrap(self._discriminator_loss)

    def load(self, start: dict[str, torch.Tensor]) -> None:
        """Weights under `<network>.<parameter>`, all of them or none."""
        for name, network in self.networks.items():
            prefix = f"{name}."
            network.load_state_dict({k.removeprefix(prefix): v for k, v in start.items() if k.startswith(prefix)})

    def _generators_loss(self, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, ...]:
        g_a, g_b, d_a, d_b = self.networks.values()
        fake_b, fake_a = g_a(a), g_b(b)
        losses = (
            least_squares(d_a(fake_b), 1), least_squares(d_b(fake_a), 1),
            F.l1_loss(g_b(fake_b), a) * CYCLE, F.l1_loss(g_a(fake_a), b) * CYCLE,
            F.l1_loss(g_a(b), b) * (CYCLE * IDENTITY), F.l1_loss(g_b(a), a) * (CYCLE * IDENTITY))
        return fake_a, fake_b, sum(losses), *losses

    def _discriminator_loss(self, network: nn.Module, real: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
        return (least_squares(network(real), 1) + least_squares(network(fake), 0)) * 0.5

    def train(self, a: torch.Tensor, b: torch.Tensor) -> list[float]:
        """The eight losses: adversarial of G_A and G_B, both cycles, both identities, D_A and D_B."""
        self._freeze(True)
        with self.settings.autocast():
            fake_a, fake_b, total, *losses = self.generators_loss(a, b)
        self.generator_optimizer.zero_grad()
        total.backward()
        self.generator_optimizer.step()

        self._freeze(False)
        with self.settings.autocast():
            on_b = self.discriminator_loss(self.networks["D_A"], b, self.pool_b.exchange(fake_b))
            on_a = self.discriminator_loss(self.networks["D_B"], a, self.pool_a.exchange(fake_a))
        self.discriminator_optimizer.zero_grad()
        on_b.backward()
        on_a.backward()
        self.discriminator_optimizer.step()
        return [loss.item() for loss in (*losses, on_b, on_a)]

    def _freeze(self, frozen: bool) -> None:
        for name in ("D_A", "D_B"):
            self.networks[name].requires_grad_(not frozen)
