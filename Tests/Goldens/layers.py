"""One case per layer and setting: input, parameters, output, and the gradients of sum(output * cotangent)."""

import torch
from torch import nn

from goldens import File, generator


def fill(module: nn.Module, random: torch.Generator):
    """Values that no default has: biases away from 0, scales away from 1, running variances positive."""
    for name, parameter in module.named_parameters():
        with torch.no_grad():
            parameter.normal_(0.1, 0.5, generator=random)
    for name, buffer in module.named_buffers():
        if name.endswith("running_mean"):
            buffer.normal_(0.3, 1.0, generator=random)
        elif name.endswith("running_var"):
            buffer.uniform_(0.5, 3.0, generator=random)
        elif name.endswith("num_batches_tracked"):
            buffer.fill_(4)


def record(file: File, case: str, module: nn.Module, x: torch.Tensor, random: torch.Generator, **hyperparameters):
    fill(module, random)
    file.describe(case, kind=type(module).__name__, training=module.training, **hyperparameters)
    file.add(case, "input", x)
    for name, parameter in module.named_parameters():
        file.add(case, f"parameter.{name}", parameter)
    for name, buffer in module.named_buffers():
        file.add(case, f"buffer.{name}", buffer)
    if x.is_floating_point():
        x = x.clone().requires_grad_()
    output = module(x)
    cotangent = torch.randn(output.shape, generator=random)
    (output * cotangent).sum().backward()
    file.add(case, "output", output)
    file.add(case, "cotangent", cotangent)
    if x.is_floating_point():
        file.add(case, "gradient.input", x.grad)
    for name, parameter in module.named_parameters():
        file.add(case, f"gradient.{name}", parameter.grad)
    if module.training:
        for name, buffer in module.named_buffers():
            file.add(case, f"buffer_after.{name}", buffer)


def simple(file: File, case: str, make, shape, *arguments, scale=1.0, training=True, **hyperparameters):
    """`make(*arguments, **hyperparameters)` on a normal input of `shape`."""
    random = generator(case)
    module = make(*arguments, **hyperparameters).train(training)
    x = torch.randn(shape, generator=random) * scale
    named = {"arguments": arguments} if arguments else {}
    record(file, case, module, x, random, **named, **hyperparameters)


def convolutions(file: File):
    def conv(case, make, shape, out, kernel, **settings):
        simple(file, case, make, shape, in_channels=shape[1], out_channels=out, kernel_size=kernel, **settings)

    conv("conv2d", nn.Conv2d, (2, 3, 7, 9), 5, 3)
    conv("conv2d_stride_padding", nn.Conv2d, (1, 3, 11, 8), 4, 4, stride=2, padding=1)
    conv("conv2d_dilation", nn.Conv2d, (3, 2, 9, 11), 3, 3, padding=2, dilation=2)
    conv("conv2d_groups", nn.Conv2d, (2, 4, 5, 7), 6, 3, padding=1, groups=2)
    conv("conv2d_depthwise", nn.Conv2d, (1, 5, 6, 7), 5, 3, stride=2, padding=1, groups=5)
    conv("conv2d_no_bias", nn.Conv2d, (3, 5, 7, 5), 2, 1, bias=False)
    conv("conv_transpose2d", nn.ConvTranspose2d, (2, 4, 5, 3), 3, 3, stride=2, padding=1, output_padding=1)
    conv("conv_transpose2d_kernel4", nn.ConvTranspose2d, (1, 3, 4, 5), 5, 4, stride=2, padding=1)
    conv("conv_transpose2d_no_bias", nn.ConvTranspose2d, (3, 2, 3, 5), 3, 2, stride=2, bias=False)
    conv("conv_transpose2d_groups", nn.ConvTranspose2d, (2, 4, 3, 5), 6, 3, stride=2, padding=1, groups=2)
    for case, shape, bias in [
        ("linear", (5, 7), True), ("linear_3d", (2, 3, 7), True), ("linear_no_bias", (1, 6), False)
    ]:
        simple(file, case, nn.Linear, shape, in_features=shape[-1], out_features=5, bias=bias)


def normalisations(file: File):
    # Inputs are away from mean 0 and variance 1 through their scale; one channel per sample would hide mixed-up axes.
    simple(file, "instance_norm", nn.InstanceNorm2d, (2, 3, 5, 7), num_features=3, affine=False, scale=2.5)
    simple(file, "instance_norm_batch1", nn.InstanceNorm2d, (1, 5, 4, 3), num_features=5, affine=False, scale=0.01)
    simple(file, "instance_norm_affine", nn.InstanceNorm2d, (3, 4, 5, 3), num_features=4, affine=True, scale=2.5)
    simple(
        file, "instance_norm_evaluation", nn.InstanceNorm2d, (2, 3, 5, 7), num_features=3, affine=False, scale=2.5,
        training=False)
    simple(file, "batch_norm_training", nn.BatchNorm2d, (3, 4, 5, 3), num_features=4, scale=2.0)
    simple(file, "batch_norm_momentum", nn.BatchNorm2d, (2, 3, 5, 7), num_features=3, momentum=0.3, eps=1e-3, scale=2.0)
    simple(file, "batch_norm_evaluation", nn.BatchNorm2d, (3, 4, 5, 3), num_features=4, scale=2.0, training=False)
    simple(file, "group_norm", nn.GroupNorm, (2, 6, 5, 3), num_groups=3, num_channels=6, scale=2.0)
    simple(file, "group_norm_one_group", nn.GroupNorm, (3, 5, 3, 4), num_groups=1, num_channels=5, scale=2.0)
    simple(file, "layer_norm", nn.LayerNorm, (3, 4, 7), normalized_shape=(7,), scale=2.0)
    simple(file, "layer_norm_two_axes", nn.LayerNorm, (2, 5, 3), normalized_shape=(5, 3), scale=2.0)


def activations(file: File):
    for case, make, settings in [
        ("relu", nn.ReLU, {}),
        ("leaky_relu", nn.LeakyReLU, {"negative_slope": 0.2}),
        ("tanh", nn.Tanh, {}),
        ("sigmoid", nn.Sigmoid, {}),
        ("silu", nn.SiLU, {}),
        ("gelu", nn.GELU, {"approximate": "none"}),
    ]:
        random = generator(case)
        x = torch.randn((2, 3, 5, 7), generator=random) * 3
        # The kink at 0 (PyTorch's gradient there is the negative side's) and the tails.
        x.view(-1)[:6] = torch.tensor([0.0, -0.0, 1e-6, -1e-6, 30.0, -30.0])
        record(file, case, make(**settings), x, random, **settings)


def shapes(file: File):
    simple(file, "reflection_pad_1", nn.ReflectionPad2d, (2, 3, 5, 4), padding=1)
    simple(file, "reflection_pad_3", nn.ReflectionPad2d, (1, 2, 4, 7), padding=3)
    simple(file, "zero_pad", nn.ZeroPad2d, (2, 3, 5, 4), padding=2)
    simple(file, "zero_pad_uneven", nn.ZeroPad2d, (1, 3, 5, 4), padding=(1, 2, 0, 3))
    simple(file, "replication_pad", nn.ReplicationPad2d, (2, 3, 5, 4), padding=2)
    simple(file, "max_pool", nn.MaxPool2d, (2, 3, 9, 7), kernel_size=3, stride=2, padding=1)
    simple(file, "avg_pool", nn.AvgPool2d, (2, 3, 9, 7), kernel_size=3, stride=2, padding=1)
    simple(
        file, "avg_pool_without_pad", nn.AvgPool2d, (1, 3, 9, 7), kernel_size=3, stride=2, padding=1,
        count_include_pad=False)
    simple(file, "adaptive_avg_pool", nn.AdaptiveAvgPool2d, (3, 2, 5, 7), output_size=1)
    simple(file, "upsample_nearest", nn.Upsample, (2, 3, 5, 3), scale_factor=2, mode="nearest")
    simple(file, "upsample_bilinear", nn.Upsample, (1, 3, 5, 4), scale_factor=2, mode="bilinear", align_corners=False)
    simple(file, "dropout_evaluation", nn.Dropout, (3, 7), p=0.5, training=False)
    simple(file, "flatten", nn.Flatten, (3, 2, 5, 4), start_dim=1)
    random = generator("embedding")
    # Repeated indices: their gradients add up; row 0 is never asked for, its gradient is 0.
    indices = torch.tensor([[3, 1, 3], [6, 3, 2]])
    record(file, "embedding", nn.Embedding(7, 5), indices, random, num_embeddings=7, embedding_dim=5)


def make() -> File:
    file = File()
    convolutions(file)
    normalisations(file)
    activations(file)
    shapes(file)
    return file
