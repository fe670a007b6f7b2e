"""The style-encoding GAN of gan.ts in PyTorch: a step of its training.

Networks and losses after Choi et al. 2020, arXiv:1912.01865 (appendix, equations 1 to 5), as in
fixtures/stargan-networks/networks.py, which holds the library to them; here in the layout and with the optimizer of PyTorch.
One domain, so that no head has to be chosen.
"""

import math

import torch
import torch.nn.functional as F

WEIGHTS = {"style": 1, "diversity": 1, "cycle": 100, "r1": 1}
RATE, MAPPING, BETAS, DECAY = 1e-4, 0.01, (0.0, 0.99), 1e-4
TRAINED = {"latent": ("generator", "mapping", "style"), "reference": ("generator",)}


def load(table, memory_format):
    """The library's arrays by name, kernels as PyTorch has them."""
    weights = {}
    for name, array in table.items():
        value = torch.from_numpy(array.copy())
        if value.dim() == 4:
            value = value.permute(3, 2, 0, 1).contiguous(memory_format=memory_format)
        elif value.dim() == 2:
            value = value.T.contiguous()
        weights[name] = value.requires_grad_()
    return weights


class Networks:
    def __init__(self, weights):
        self.w = weights

    def has(self, path):
        return f"{path}.kernel" in self.w

    def convolve(self, path, x, padding=0):
        return F.conv2d(x, self.w[f"{path}.kernel"], self.w.get(f"{path}.bias"), padding=padding)

    def linear(self, path, x):
        return F.linear(x, self.w[f"{path}.kernel"], self.w[f"{path}.bias"])

    def normalized(self, path, x, style=None):
        if style is None:
            h = F.instance_norm(x, weight=self.w[f"{path}.scale"], bias=self.w[f"{path}.shift"])
        else:
            gamma, beta = self.linear(f"{path}.style", style)[:, :, None, None].chunk(2, dim=1)
            h = torch.addcmul(beta, F.instance_norm(x), 1 + gamma)
        return F.leaky_relu(h, 0.2)

    def translate(self, path, x, how="none", style=None):
        h = self.normalized(f"{path}.inNorm", x, style)
        h = F.interpolate(h, scale_factor=2) if how == "up" else h
        h = self.convolve(f"{path}.inConv", h, 1)
        h = F.avg_pool2d(h, 2) if how == "down" else h
        h = self.convolve(f"{path}.outConv", self.normalized(f"{path}.outNorm", h, style), 1)
        # A 1 × 1 convolution can change places with both: it is done at the lower resolution.
        skip = F.avg_pool2d(x, 2) if how == "down" else x
        skip = self.convolve(f"{path}.skip", skip) if self.has(f"{path}.skip") else skip
        skip = F.interpolate(skip, scale_factor=2) if how == "up" else skip
        return (h + skip) * math.sqrt(0.5)

    def count(self, path):
        return len({name.split(".")[path.count(".") + 1] for name in self.w if name.startswith(f"{path}.")})

    def generate(self, x, style):
        h = self.convolve("generator.first", x, 1)
        for part, how, its in (("down", "down", None), ("before", "none", None), ("after", "none", style), ("up", "up", style)):
            for block in range(self.count(f"generator.{part}")):
                h = self.translate(f"generator.{part}.{block}", h, how, its)
        return self.convolve("generator.last", self.normalized("generator.norm", h))

    def map(self, latents):
        h = latents
        for layer in range(self.count("mapping.shared")):
            h = F.relu(self.linear(f"mapping.shared.{layer}", h))
        for layer in range(self.count("mapping.domains.0.layers")):
            h = F.relu(self.linear(f"mapping.domains.0.layers.{layer}", h))
        return self.linear("mapping.domains.0.last", h)

    def read(self, name, x):
        h = self.convolve(f"{name}.first", x, 1)
        for block in range(self.count(f"{name}.blocks")):
            path = f"{name}.blocks.{block}"
            inner = F.avg_pool2d(self.convolve(f"{path}.inConv", F.leaky_relu(h, 0.2), 1), 2)
            outer = self.convolve(f"{path}.outConv", F.leaky_relu(inner, 0.2), 1)
            skip = F.avg_pool2d(h, 2)
            skip = self.convolve(f"{path}.skip", skip) if self.has(f"{path}.skip") else skip
            h = (outer + skip) * math.sqrt(0.5)
        h = F.leaky_relu(self.convolve(f"{name}.last", F.leaky_relu(h, 0.2)), 0.2)
        return self.linear(f"{name}.heads", h.mean(dim=(2, 3)))


class Gan:
    """A training step is run: the discriminator by latents and by references, then those that make images, likewise."""

    def __init__(self, weights, batch, memory_format):
        self.networks = Networks(load(weights, memory_format))
        self.inputs = {}
        for name, array in batch.items():
            value = torch.from_numpy(array.copy())
            images = value.dim() == 4
            self.inputs[name] = value.permute(0, 3, 1, 2).contiguous(memory_format=memory_format) if images else value
        self.updates = [self.update(("critic",), self.critic_loss, origin) for origin in TRAINED]
        self.updates += [self.update(TRAINED[origin], self.loss, origin) for origin in TRAINED]

    def update(self, trained, loss, origin):
        groups = []
        for name in trained:
            own = [value for key, value in self.networks.w.items() if key.startswith(f"{name}.")]
            groups.append({"params": own, "lr": RATE * (MAPPING if name == "mapping" else 1)})
        # Not fused: with a first beta of 0 the fused step of PyTorch 2.13 on the processor is another one (losses 1.4310
        # after it where the plain one gives 1.3879, as here).
        options = {"lr": RATE, "betas": BETAS, "weight_decay": DECAY, "foreach": True}
        return torch.optim.AdamW(groups, **options), loss, origin

    def style(self, origin, other=False):
        if origin == "latent":
            return self.networks.map(self.inputs["otherLatents" if other else "latents"])
        return self.networks.read("style", self.inputs["otherReferences" if other else "references"])

    def make(self, x, style):
        return torch.lerp(self.inputs["images"], self.networks.generate(x, style), self.inputs["inside"])

    def loss(self, origin):
        networks, images = self.networks, self.inputs["images"]
        style = self.style(origin)
        made = self.make(images, style)
        total = F.softplus(-networks.read("critic", made)).mean()
        total = total + WEIGHTS["style"] * F.l1_loss(networks.read("style", made), style)
        total = total - WEIGHTS["diversity"] * F.l1_loss(self.make(images, self.style(origin, True)), made)
        return total + WEIGHTS["cycle"] * F.l1_loss(self.make(made, networks.read("style", images)), images)

    def critic_loss(self, origin):
        networks = self.networks
        with torch.no_grad():
            made = self.make(self.inputs["images"], self.style(origin))
        images = self.inputs["images"].detach().requires_grad_()
        real = networks.read("critic", images)
        total = F.softplus(-real).mean() + F.softplus(networks.read("critic", made)).mean()
        (slopes,) = torch.autograd.grad(real.sum(), images, create_graph=True)
        return total + 0.5 * WEIGHTS["r1"] * (slopes**2).sum(dim=(1, 2, 3)).mean()

    def step(self):
        total = 0.0
        for optimizer, loss, origin in self.updates:
            params = [value for group in optimizer.param_groups for value in group["params"]]
            value = loss(origin)
            for param, gradient in zip(params, torch.autograd.grad(value, params)):
                param.grad = gradient
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            total += value.item()
        return {"loss": total}
