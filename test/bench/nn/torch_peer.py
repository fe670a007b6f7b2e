"""Child process of nn.bench.ts: does its tasks with PyTorch, in the memory format that is the faster here.

    python torch_peer.py THREADS FOLDER
"""

import json
import math
import struct
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from gan import Gan
from u_net import UNet, load_weights

try:
    import resource
except ImportError:
    resource = None

formats = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}


def read_safetensors(path):
    """The float32 arrays of a safetensors file."""
    data = Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    arrays = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        if name != "__metadata__":
            begin, end = (8 + length + offset for offset in entry["data_offsets"])
            arrays[name] = np.frombuffer(data[begin:end], "<f4").reshape(entry["shape"])
    return arrays


def images(array, memory_format):
    """Images NHWC as PyTorch has them."""
    return torch.from_numpy(array.copy()).permute(0, 3, 1, 2).contiguous(memory_format=memory_format)


def kernel_of(array, memory_format):
    return torch.from_numpy(array.copy()).permute(3, 2, 0, 1).contiguous(memory_format=memory_format)


class Tasks:
    """Each method prepares a task in a memory format and gives the function that does it once."""

    def __init__(self, folder):
        self.plan = json.loads((Path(folder) / "plan.json").read_text(encoding="utf-8"))
        self.conv, self.weights, self.batch = (
            read_safetensors(Path(folder) / f"{name}.safetensors") for name in ("conv", "weights", "batch")
        )
        self.gan = [read_safetensors(Path(folder) / f"{name}.safetensors") for name in ("ganWeights", "ganBatch")]

    def conv_forward(self, memory_format):
        x, kernel = images(self.conv["x"], memory_format), kernel_of(self.conv["kernel"], memory_format)

        def run():
            with torch.inference_mode():
                return {"y": F.conv2d(x, kernel, padding=1).permute(0, 2, 3, 1)}

        return run

    def conv_training(self, memory_format):
        x, dy = (images(self.conv[name], memory_format) for name in ("x", "dy"))
        kernel = kernel_of(self.conv["kernel"], memory_format)
        x.requires_grad_()
        kernel.requires_grad_()

        def run():
            dx, dkernel = torch.autograd.grad(F.conv2d(x, kernel, padding=1), (x, kernel), dy)
            return {"dx": dx.permute(0, 2, 3, 1), "dkernel": dkernel.permute(2, 3, 1, 0)}

        return run

    def network(self, memory_format, count=None):
        network = UNet(self.plan)
        load_weights(network, self.weights)
        network = network.to(memory_format=memory_format)
        x, target = (images(self.batch[name][:count], memory_format) for name in ("x", "target"))
        code, times = (torch.from_numpy(self.batch[name][:count].copy()) for name in ("code", "times"))
        return network, (x, times, code), target

    def inference(self, memory_format, count=None):
        network, inputs, _ = self.network(memory_format, count)
        network.eval()

        def run():
            with torch.inference_mode():
                return {"output": network(*inputs).permute(0, 2, 3, 1)}

        return run

    def latency(self, memory_format):
        return self.inference(memory_format, 1)

    def step(self, memory_format):
        network, inputs, target = self.network(memory_format)
        optimizer = torch.optim.Adam(network.parameters(), lr=self.plan["learningRate"], fused=True)

        def run():
            optimizer.zero_grad(set_to_none=True)
            loss = F.mse_loss(network(*inputs), target)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), self.plan["clipNorm"])
            optimizer.step()
            return {"loss": loss.item()}

        return run

    def gan_step(self, memory_format):
        return Gan(*self.gan, memory_format).step

    def profile_gan_step(self, memory_format):
        return self.profile(self.gan_step(memory_format))

    def profile_step(self, memory_format):
        return self.profile(self.step(memory_format))

    def profile_latency(self, memory_format):
        return self.profile(self.latency(memory_format))

    def profile(self, work):
        work()

        def run():
            with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as profiler:
                work()
            times = [
                {"name": event.key, "calls": event.count, "seconds": event.self_cpu_time_total / 1e6}
                for event in profiler.key_averages()
            ]
            return {"profile": times}

        return run


def choose_format(prepare):
    """The name of the memory format in which a task is the faster."""
    runs = {name: prepare(memory_format) for name, memory_format in formats.items()}
    fastest = dict.fromkeys(runs, math.inf)
    spent, laps = 0.0, 0
    # The first lap only warms; the formats take turns, so that what else goes on meets both.
    while laps < 4 or spent < 0.5:
        for name, run in runs.items():
            started = time.perf_counter()
            run()
            lap = time.perf_counter() - started
            spent += lap
            if laps > 0:
                fastest[name] = min(fastest[name], lap)
        laps += 1
    return min(fastest, key=fastest.get)


def peak_memory():
    """The most bytes that this process ever had resident; 0 on Windows, which Python does not ask."""
    if resource is None:
        return 0
    # In kilobytes, but in bytes on macOS.
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def answer(run, output):
    processor = time.process_time()
    started = time.perf_counter()
    found = run()
    seconds = time.perf_counter() - started
    processor = time.process_time() - processor
    result = {"seconds": seconds, "processor": processor, "memory": peak_memory()}
    for name, value in found.items():
        if not isinstance(value, torch.Tensor):
            result[name] = value
        elif output is not None:
            value.numpy().tofile(f"{output}.{name}.f32")
    return result


def main(threads, folder):
    torch.set_num_threads(int(threads))
    print(json.dumps({"about": f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads"}), flush=True)
    tasks, chosen, ready = Tasks(folder), {}, {}
    for line in sys.stdin:
        task = json.loads(line)
        name = task["task"].replace("-", "_")
        if name not in ready:
            prepare = getattr(tasks, name)
            like = name.removeprefix("profile_")
            if like not in chosen:
                chosen[like] = choose_format(getattr(tasks, like))
            chosen[name] = chosen[like]
            ready[name] = prepare(formats[chosen[name]])
        print(json.dumps({**answer(ready[name], task.get("output")), "note": chosen[name]}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
