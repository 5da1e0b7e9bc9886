"""Losses, each a mean over its elements unless its header says otherwise, and the gradient of the input."""

import torch
from torch.nn import functional as F

from goldens import File, generator


def record(file: File, case: str, loss, x, random, others=None, **hyperparameters):
    """`loss(x)`: output, and the gradient of output * cotangent, so that a loss that forgets its scale shows."""
    file.describe(case, **hyperparameters)
    file.add(case, "input", x)
    for name, tensor in (others or {}).items():
        file.add(case, name, tensor)
    x = x.clone().requires_grad_()
    output = loss(x)
    cotangent = torch.randn(output.shape, generator=random)
    (output * cotangent).sum().backward()
    assert output.abs().min() > 0 or output.dim() > 0, f"{case} is 0 and would hide faults"
    file.add(case, "output", output)
    file.add(case, "cotangent", cotangent)
    file.add(case, "gradient.input", x.grad)


def dice(probability, target, smooth):
    """Per sample and class over all pixels, then averaged: 1 - (2 sum(p t) + s) / (sum(p) + sum(t) + s)."""
    both = (probability * target).sum(dim=(2, 3))
    each = probability.sum(dim=(2, 3)) + target.sum(dim=(2, 3))
    return (1 - (2 * both + smooth) / (each + smooth)).mean()


def distances(file: File):
    for case, function, settings in [
        ("mse", F.mse_loss, {}),
        ("mse_sum", F.mse_loss, {"reduction": "sum"}),
        ("mse_none", F.mse_loss, {"reduction": "none"}),
        ("l1", F.l1_loss, {}),
        ("l1_sum", F.l1_loss, {"reduction": "sum"}),
        ("smooth_l1", F.smooth_l1_loss, {"beta": 1.0}),
        ("smooth_l1_beta", F.smooth_l1_loss, {"beta": 0.3}),
    ]:
        random = generator(case)
        x = torch.randn((2, 3, 5, 7), generator=random)
        target = torch.randn(x.shape, generator=random)
        target.view(-1)[0] = x.view(-1)[0]  # equal elements: the gradient of |0| is 0
        record(file, case, lambda x: function(x, target, **settings), x, random, {"target": target}, **settings)
    for case, value in [("lsgan_real", 1.0), ("lsgan_fake", 0.0)]:
        random = generator(case)
        x = torch.randn((3, 1, 4, 5), generator=random) + 0.3
        record(file, case, lambda x: ((x - value) ** 2).mean(), x, random, target=value)


def binary(file: File):
    case = "bce_with_logits"
    random = generator(case)
    x = torch.randn((5, 3), generator=random) * 3
    x[0, 0], x[0, 1] = 60.0, -60.0  # a naive log(sigmoid(x)) overflows here
    target = torch.rand(x.shape, generator=random)
    record(file, case, lambda x: F.binary_cross_entropy_with_logits(x, target), x, random, {"target": target})

    case = "bce_with_logits_pos_weight"
    random = generator(case)
    x = torch.randn((2, 3, 5, 4), generator=random) * 2
    target = (torch.rand(x.shape, generator=random) < 0.3).float()
    weight = torch.tensor([0.5, 3.0, 20.0]).reshape(3, 1, 1)
    record(
        file, case, lambda x: F.binary_cross_entropy_with_logits(x, target, pos_weight=weight), x, random,
        {"target": target, "pos_weight": weight})


def categorical(file: File):
    case = "cross_entropy"
    random = generator(case)
    x = torch.randn((7, 4), generator=random) * 2
    target = torch.randint(0, 4, (7,), generator=random)
    record(file, case, lambda x: F.cross_entropy(x, target), x, random, {"target": target})

    # With weights the mean is divided by the sum of the weights that counted, not by the number of pixels.
    for case, shape, ignored in [
        ("cross_entropy_weight", (7, 4), None),
        ("cross_entropy_ignore", (2, 4, 5, 3), 255),
        ("cross_entropy_weight_ignore", (3, 4, 3, 5), 255),
    ]:
        random = generator(case)
        x = torch.randn(shape, generator=random) * 2
        target = torch.randint(0, 4, shape[:1] + shape[2:], generator=random)
        settings, others = {}, {}
        if ignored is not None:
            target.view(-1)[::4] = ignored
            settings["ignore_index"] = ignored
        others["target"] = target
        weight = torch.tensor([0.2, 1.0, 2.5, 7.0]) if "weight" in case else None
        if weight is not None:
            others["weight"] = weight
        record(
            file, case, lambda x: F.cross_entropy(x, target, weight=weight, **settings), x, random, others, **settings)

    case = "cross_entropy_label_smoothing"
    random = generator(case)
    x = torch.randn((5, 3), generator=random) * 2
    target = torch.randint(0, 3, (5,), generator=random)
    record(
        file, case, lambda x: F.cross_entropy(x, target, label_smoothing=0.1), x, random, {"target": target},
        label_smoothing=0.1)


def overlaps(file: File):
    for case, activate in [("soft_dice_sigmoid", torch.sigmoid), ("soft_dice_softmax", lambda x: x.softmax(dim=1))]:
        random = generator(case)
        x = torch.randn((2, 3, 7, 5), generator=random) * 2
        if case == "soft_dice_sigmoid":
            target = (torch.rand(x.shape, generator=random) < 0.3).float()
            target[1, 2] = 0  # a class that does not occur in a picture
        else:
            classes = torch.randint(0, 3, (2, 7, 5), generator=random)
            classes[1] %= 2
            target = F.one_hot(classes, 3).permute(0, 3, 1, 2).float()
        record(
            file, case, lambda x: dice(activate(x), target, 1.0), x, random, {"target": target}, smooth=1.0,
            activation=case.rsplit("_", 1)[1])


def make() -> File:
    file = File()
    distances(file)
    binary(file)
    categorical(file)
    overlaps(file)
    return file
