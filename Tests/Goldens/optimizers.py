"""Five optimizer steps with given gradients, learning-rate factors by epoch, and moving averages of weights."""

import torch

from goldens import File, generator


def steps(file: File, case: str, make, **settings):
    random = generator(case)
    parameters = {
        "weight": torch.randn((3, 5), generator=random).requires_grad_(),
        "bias": torch.randn((5,), generator=random).requires_grad_(),
    }
    for name, parameter in parameters.items():
        file.add(case, f"parameter.{name}", parameter)
    file.describe(case, kind=make.__name__, **settings)
    optimizer = make(parameters.values(), **settings)
    for step in range(1, 6):
        for name, parameter in parameters.items():
            # Sizes from 1e-6 to 1 (where epsilon begins to count) and changing signs; element 0 never has a gradient.
            size = 10 ** (torch.rand(parameter.shape, generator=random) * 6 - 6)
            gradient = torch.randn(parameter.shape, generator=random) * size
            gradient.view(-1)[0] = 0
            parameter.grad = gradient
            file.add(case, f"gradient.{step}.{name}", gradient)
        optimizer.step()
        for name, parameter in parameters.items():
            file.add(case, f"after.{step}.{name}", parameter)


def factors(make, epochs: int) -> torch.Tensor:
    """What a scheduler of PyTorch makes of rate 1 at the start of each epoch."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = make(optimizer)
    values = []
    for _ in range(epochs):
        values.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return torch.tensor(values)


def schedules(file: File):
    schedule = torch.optim.lr_scheduler
    file.describe("schedule_linear", constant_epochs=100, decay_epochs=100)
    file.add(
        "schedule_linear", "factors",
        factors(lambda o: schedule.LambdaLR(o, lambda epoch: 1 - max(0, epoch - 99) / 101), 200))
    file.describe("schedule_linear_short", constant_epochs=3, decay_epochs=5)
    file.add(
        "schedule_linear_short", "factors",
        factors(lambda o: schedule.LambdaLR(o, lambda epoch: 1 - max(0, epoch - 2) / 6), 8))
    file.describe("schedule_cosine", epochs=13, minimum=0)
    file.add("schedule_cosine", "factors", factors(lambda o: schedule.CosineAnnealingLR(o, T_max=13), 13))
    file.describe("schedule_step", step_size=3, gamma=0.5)
    file.add("schedule_step", "factors", factors(lambda o: schedule.StepLR(o, step_size=3, gamma=0.5), 11))


def averages(file: File):
    """average = decay * average + (1 - decay) * weight; it starts as `parameter`, which no later weight equals."""
    case, decay = "ema", 0.999
    random = generator(case)
    file.describe(case, decay=decay)
    average = torch.randn((3, 5), generator=random)
    file.add(case, "parameter.weight", average)
    for update in range(1, 6):
        # Weights of size 10, so that an update of a thousandth stands far above rounding.
        weight = torch.randn(average.shape, generator=random) * 10
        average = decay * average + (1 - decay) * weight
        file.add(case, f"input.{update}.weight", weight)
        file.add(case, f"output.{update}.weight", average)


def make() -> File:
    file = File()
    steps(file, "adam", torch.optim.Adam, lr=0.01, betas=(0.9, 0.999), eps=1e-8)
    steps(file, "adam_cyclegan", torch.optim.Adam, lr=2e-4, betas=(0.5, 0.999), eps=1e-8)
    steps(file, "adam_weight_decay", torch.optim.Adam, lr=0.01, betas=(0.5, 0.999), eps=1e-8, weight_decay=0.1)
    steps(file, "adamw", torch.optim.AdamW, lr=0.01, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.1)
    steps(file, "sgd", torch.optim.SGD, lr=0.1)
    steps(file, "sgd_momentum", torch.optim.SGD, lr=0.1, momentum=0.9)
    steps(file, "sgd_nesterov", torch.optim.SGD, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.05)
    schedules(file)
    averages(file)
    return file
