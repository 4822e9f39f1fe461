#!/usr/bin/python3
"""torch_peer.py THREADS < NAMES: the cases of bench_kernels in eager PyTorch; speaks as bench_kernels does."""
import json
import sys
import time

import torch
import torch.nn.functional as F

SECONDS_OF_BURST = 0.08


def measure(run):
    run()
    times, start = [], time.perf_counter()
    while len(times) < 3 or time.perf_counter() - start < SECONDS_OF_BURST:
        before = time.perf_counter()
        run()
        times.append((time.perf_counter() - before) * 1e6)
    times.sort()
    return {"us": times[len(times) // 2], "least_us": times[0]}


def attention(q, k, v):
    return torch.softmax(q @ k.transpose(-1, -2) * 0.125, -1) @ v


def product(n):
    a, b, c = torch.rand(n, n), torch.rand(n, n), torch.empty(n, n)
    return lambda: torch.mm(a, b, out=c)


def main():
    torch.set_num_threads(int(sys.argv[1]))
    torch.set_grad_enabled(False)
    cases = {f"gemm {n}": product(n) for n in (256, 512, 1024, 2048)}
    x, up, down = torch.rand(512, 768) - 0.5, torch.rand(768, 3072) - 0.5, torch.rand(3072, 768) - 0.5
    b1, b2 = torch.rand(3072), torch.rand(768)
    cases["mlp 512x768x3072"] = lambda: torch.addmm(b2, F.gelu(torch.addmm(b1, x, up)), down)
    q, k, v = (torch.rand(8, 512, 64) for _ in range(3))
    cases["attention 8x512x64"] = lambda: attention(q, k, v)
    scale, shift = torch.rand(768), torch.rand(768)
    cases["layer norm 512x768"] = lambda: F.layer_norm(x, (768,), scale, shift)
    cases["softmax 512x768"] = lambda: torch.softmax(x, -1)
    for name in sys.stdin:
        run = cases.get(name.strip())
        print(json.dumps(measure(run) if run else {}), flush=True)


main()
