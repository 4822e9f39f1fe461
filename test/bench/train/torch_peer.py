#!/usr/bin/python3
"""torch_peer.py THREADS: trains the model of examples/02-language-model in eager PyTorch.

The same sizes, batch, clipping and AdamW, written as one writes them there, on bytes drawn at random: a burst of three steps for each line on standard input,
answered by a line of JSON as bench_train does. Memory is the peak of the process less what it held before the model was made, libraries loaded.
"""
import json
import math
import sys
import time

import torch
import torch.nn.functional as F

VOCABULARY, WIDTH, HEADS, HIDDEN, LAYERS = 256, 128, 4, 512, 6
CONTEXT, BATCH = 128, 16
STEPS_OF_BURST = 3


def of_status(key):
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith(key))


def rms_norm(x):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5)


class Block(torch.nn.Module):
    def __init__(self):
        super().__init__()
        shapes = {"q": (WIDTH, WIDTH), "k": (WIDTH, WIDTH), "v": (WIDTH, WIDTH), "o": (WIDTH, WIDTH), "up": (WIDTH, HIDDEN), "down": (HIDDEN, WIDTH)}
        for name, shape in shapes.items():
            setattr(self, name, torch.nn.Parameter(torch.randn(shape) * 0.05))

    def forward(self, x, cos, sin, mask):
        batch, length, _ = x.shape

        def heads(y):
            return y.view(batch, length, HEADS, -1).transpose(1, 2)

        def rope(y):
            left, right = y.chunk(2, -1)
            return torch.cat((left * cos - right * sin, left * sin + right * cos), -1)

        n = rms_norm(x)
        q, k, v = rope(heads(n @ self.q)), rope(heads(n @ self.k)), heads(n @ self.v)
        scores = q @ k.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5
        mixed = torch.softmax(scores.masked_fill(mask, -math.inf), -1) @ v
        h = x + mixed.transpose(1, 2).reshape(batch, length, WIDTH) @ self.o
        return h + F.gelu(rms_norm(h) @ self.up) @ self.down


class Lm(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.table = torch.nn.Parameter(torch.randn(VOCABULARY, WIDTH) * 0.05)
        self.blocks = torch.nn.ModuleList(Block() for _ in range(LAYERS))
        half = WIDTH // HEADS // 2
        angles = torch.arange(CONTEXT).unsqueeze(1) * 10000.0 ** (-torch.arange(half) / half)
        self.register_buffer("cos", angles.cos())
        self.register_buffer("sin", angles.sin())
        self.register_buffer("mask", torch.ones(CONTEXT, CONTEXT, dtype=torch.bool).triu(1))

    def forward(self, ids):
        x = F.embedding(ids, self.table)
        for block in self.blocks:
            x = block(x, self.cos, self.sin, self.mask)
        return rms_norm(x) @ self.table.t()


def main():
    torch.set_num_threads(int(sys.argv[1]))
    torch.manual_seed(7)
    (torch.rand(256, 256) @ torch.rand(256, 256)).sum()  # its threads and their room are the process's
    before = of_status("VmRSS:")
    model = Lm()
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4)

    def step():
        window = torch.randint(VOCABULARY, (BATCH, CONTEXT + 1))
        loss = F.cross_entropy(model(window[:, :-1]).reshape(-1, VOCABULARY), window[:, 1:].reshape(-1))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return loss.item()

    for _ in sys.stdin:
        times, loss = [], None
        for _ in range(STEPS_OF_BURST):
            begin = time.perf_counter()
            loss = step()
            times.append((time.perf_counter() - begin) * 1e3)
        print(json.dumps({"least_ms": min(times), "loss": loss, "peak_bytes": of_status("VmHWM:") - before}), flush=True)


main()
