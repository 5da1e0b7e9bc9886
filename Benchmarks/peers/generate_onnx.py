"""Worker: the same network through ONNX Runtime. `echo run | python -m peers.generate_onnx --pixels 256 …`"""

import argparse
import contextlib
import os
import tempfile

import onnxruntime
import torch

from peers.networks import generator
from peers.settings import Settings
from peers.worker import serve


def session(network: torch.nn.Module, images: torch.Tensor, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "generator.onnx")
        with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):
            torch.onnx.export(
                network, (images,), path, input_names=["images"], output_names=["translated"], dynamo=True)
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    Settings.add_options(parser)
    settings = Settings.of(parser.parse_args())
    if settings.precision != "fp32":
        parser.error("ONNX Runtime has no bf16 convolution for the CPU")
    network, images = generator(settings.filters, settings.blocks).eval(), settings.noise(1)
    running = session(network, images, settings.threads)
    given = {"images": images.numpy()}

    def work() -> list[float]:
        return [float(running.run(None, given)[0].shape[0])]

    with torch.inference_mode():
        expected = network(images)
    difference = (torch.from_numpy(running.run(None, given)[0]) - expected).abs().max().item()
    if difference > 1e-3:
        raise ValueError(f"expected ONNX Runtime to give what PyTorch gives, found a difference of {difference}")
    serve(work, onnxruntime=onnxruntime.__version__)


if __name__ == "__main__":
    main()
