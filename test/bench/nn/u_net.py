"""The U-Net of u-net.ts in PyTorch, and the files that carry tensors between the two.

A table of arrays is two files: NAME.json, a list of {name, shape, offset} (the offset in float32 values), and NAME.bin,
the values, little-endian float32, row-major, images NHWC and kernels height x width x in x out.

As a program: python u_net.py FOLDER [float32|float64] [threads] reads FOLDER/{plan.json, weights, data} and writes
FOLDER/answers: the output, the loss mean((output - target)^2) and its gradient with respect to every weight.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def read_table(folder, name):
    entries = json.loads((Path(folder) / f"{name}.json").read_text(encoding="utf-8"))
    values = np.fromfile(Path(folder) / f"{name}.bin", dtype="<f4")
    arrays = {}
    for entry in entries:
        size = math.prod(entry["shape"])
        arrays[entry["name"]] = values[entry["offset"] : entry["offset"] + size].reshape(entry["shape"])
    return arrays


def write_table(folder, name, arrays):
    entries, offset = [], 0
    with open(Path(folder) / f"{name}.bin", "wb") as file:
        for key, array in arrays.items():
            flat = np.ascontiguousarray(array, dtype="<f4")
            entries.append({"name": key, "shape": list(flat.shape), "offset": offset})
            offset += flat.size
            file.write(flat.tobytes())
    (Path(folder) / f"{name}.json").write_text(json.dumps(entries), encoding="utf-8")


class AdaptiveGroupNorm(nn.Module):
    def __init__(self, channels, plan):
        super().__init__()
        self.norm = nn.GroupNorm(plan["groups"], channels)
        self.time = nn.Linear(4 * plan["base"], 2 * channels)
        self.codes = nn.ModuleList([nn.Linear(plan["codeSize"], channels)])

    def forward(self, x, time, code):
        scale, shift = self.time(time)[:, :, None, None].chunk(2, dim=1)
        h = self.norm(x) * (1 + scale) + shift
        return h * (1 + self.codes[0](code)[:, :, None, None])


class Residual(nn.Module):
    def __init__(self, ins, outs, resampling, plan):
        super().__init__()
        self.resampling = resampling
        self.inNorm = nn.GroupNorm(plan["groups"], ins)
        self.inConv = nn.Conv2d(ins, outs, 3, padding=1)
        self.outNorm = AdaptiveGroupNorm(outs, plan)
        self.outConv = nn.Conv2d(outs, outs, 3, padding=1)
        self.skip = nn.Conv2d(ins, outs, 1) if ins != outs else nn.Identity()

    def resample(self, x):
        if self.resampling == "up":
            return F.interpolate(x, scale_factor=2, mode="nearest")
        return F.avg_pool2d(x, 2) if self.resampling == "down" else x

    def forward(self, x, time, code):
        h = self.inConv(self.resample(F.silu(self.inNorm(x))))
        h = self.outConv(F.silu(self.outNorm(h, time, code)))
        return h + self.skip(self.resample(x))


class Attention(nn.Module):
    def __init__(self, channels, plan):
        super().__init__()
        self.heads = plan["heads"]
        self.norm = nn.GroupNorm(plan["groups"], channels)
        self.queriesKeysValues = nn.Linear(channels, 3 * channels)
        self.output = nn.Linear(channels, channels)

    def forward(self, x):
        batch, channels, height, width = x.shape
        rows = self.norm(x).flatten(2).transpose(1, 2)
        parts = self.queriesKeysValues(rows).chunk(3, dim=2)
        q, k, v = (part.reshape(batch, -1, self.heads, channels // self.heads).transpose(1, 2) for part in parts)
        found = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(rows.shape)
        return x + self.output(found).transpose(1, 2).reshape(x.shape)


class Step(nn.Module):
    def __init__(self, ins, outs, plan, resampling="none", attends=False, joins=False):
        super().__init__()
        self.joins = joins
        self.residual = Residual(ins, outs, resampling, plan)
        self.attention = Attention(outs, plan) if attends else nn.Identity()

    def forward(self, x, time, code):
        return self.attention(self.residual(x, time, code))


class TimeEmbedding(nn.Module):
    def __init__(self, waves):
        super().__init__()
        self.half = waves // 2
        self.first = nn.Linear(waves, 4 * waves)
        self.second = nn.Linear(4 * waves, 4 * waves)

    def forward(self, times):
        frequencies = torch.exp(-math.log(10000) * torch.arange(self.half, dtype=torch.float64) / self.half)
        angles = times.double()[:, None] * frequencies.to(times.device)
        waves = torch.cat([torch.cos(angles), torch.sin(angles)], dim=1).to(self.first.weight.dtype)
        return F.silu(self.second(F.silu(self.first(waves))))


class UNet(nn.Module):
    """Takes and gives images as PyTorch has them, [N, 1, size, size]."""

    def __init__(self, plan):
        super().__init__()
        base, levels = plan["base"], list(enumerate(plan["multipliers"]))
        self.time = TimeEmbedding(base)
        self.first = nn.Conv2d(1, base, 3, padding=1)
        self.down, self.middle, self.up = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        kept, channels = [base], base
        for level, multiplier in levels:
            attends = plan["size"] // 2**level in plan["attentionAt"]
            for _ in range(plan["blocksPerLevel"]):
                self.down.append(Step(channels, base * multiplier, plan, attends=attends))
                channels = base * multiplier
                kept.append(channels)
            if level < len(levels) - 1:
                self.down.append(Step(channels, channels, plan, "down"))
                kept.append(channels)
        self.middle.append(Step(channels, channels, plan, attends=True))
        self.middle.append(Step(channels, channels, plan))
        for level, multiplier in reversed(levels):
            attends = plan["size"] // 2**level in plan["attentionAt"]
            for _ in range(plan["blocksPerLevel"] + 1):
                outs = base * multiplier
                self.up.append(Step(channels + kept.pop(), outs, plan, attends=attends, joins=True))
                channels = outs
            if level > 0:
                self.up.append(Step(channels, channels, plan, "up"))
        self.lastNorm = nn.GroupNorm(plan["groups"], channels)
        self.lastConv = nn.Conv2d(channels, 1, 3, padding=1)

    def forward(self, x, times, code):
        time, code = self.time(times), F.silu(code)
        h = self.first(x)
        kept = [h]
        for step in self.down:
            h = step(h, time, code)
            kept.append(h)
        for step in self.middle:
            h = step(h, time, code)
        for step in self.up:
            h = step(torch.cat([h, kept.pop()], dim=1) if step.joins else h, time, code)
        return self.lastConv(F.silu(self.lastNorm(h)))


def library_name(name):
    """The library's name of a parameter: up.0.residual.outNorm.norm.weight -> up.0.residual.outNorm.scale."""
    path, kind = name.rsplit(".", 1)
    last = path.rsplit(".", 1)[-1]
    if path.endswith("outNorm.norm"):
        path = path.rsplit(".", 1)[0]
    if last.lower().endswith("norm"):
        return f"{path}.{'scale' if kind == 'weight' else 'shift'}"
    return f"{path}.{'kernel' if kind == 'weight' else 'bias'}"


def to_library(array):
    """A kernel of PyTorch in the library's layout; vectors stay."""
    return array.permute(2, 3, 1, 0) if array.dim() == 4 else array.T if array.dim() == 2 else array


def from_library(array):
    return array.permute(3, 2, 0, 1) if array.dim() == 4 else array.T if array.dim() == 2 else array


def load_weights(network, arrays):
    """Sets every parameter; complains when a name is missing or left over."""
    left = dict(arrays)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            parameter.copy_(from_library(torch.from_numpy(left.pop(library_name(name)).copy())))
    if left:
        raise KeyError(f"arrays without a parameter: {sorted(left)}")


def main(folder, dtype="float32", threads="2"):
    torch.set_num_threads(int(threads))
    plan = json.loads((Path(folder) / "plan.json").read_text(encoding="utf-8"))
    network = UNet(plan)
    load_weights(network, read_table(folder, "weights"))
    kind = getattr(torch, dtype)
    network = network.to(kind)
    data = {name: torch.from_numpy(array.copy()).to(kind) for name, array in read_table(folder, "data").items()}
    output = network(data["x"].permute(0, 3, 1, 2), data["times"], data["code"]).permute(0, 2, 3, 1)
    loss = ((output - data["target"]) ** 2).mean()
    loss.backward()
    answers = {"output": output.detach().numpy(), "loss": loss.detach().numpy()}
    for name, parameter in network.named_parameters():
        answers[f"gradients.{library_name(name)}"] = to_library(parameter.grad).numpy()
    write_table(folder, "answers", answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
