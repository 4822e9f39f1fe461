#!/usr/bin/python3
"""torch_peer.py THREADS PREFIX: the cases of bench_kernels whose names begin so, in eager PyTorch; a line of JSON for each."""
import json
import sys
import time

import torch
import torch.nn.functional as F

SECONDS = 0.4


def measure(name, run):
    if not name.startswith(sys.argv[2]):
        return
    run()
    times, start = [], time.perf_counter()
    while len(times) < 5 or time.perf_counter() - start < SECONDS:
        before = time.perf_counter()
        run()
        times.append((time.perf_counter() - before) * 1e6)
    times.sort()
    print(json.dumps({"name": name, "us": times[len(times) // 2], "least_us": times[0]}), flush=True)


def attention(q, k, v):
    return torch.softmax(q @ k.transpose(-1, -2) * 0.125, -1) @ v


def main():
    torch.set_num_threads(int(sys.argv[1]))
    torch.set_grad_enabled(False)
    for n in (256, 512, 1024, 2048):
        a, b, c = torch.rand(n, n), torch.rand(n, n), torch.empty(n, n)
        measure(f"gemm {n}", lambda: torch.mm(a, b, out=c))
    x, up, down = torch.rand(512, 768), torch.rand(768, 3072), torch.rand(3072, 768)
    b1, b2 = torch.rand(3072), torch.rand(768)
    measure("mlp 512x768x3072", lambda: torch.addmm(b2, F.gelu(torch.addmm(b1, x, up)), down))
    q, k, v = (torch.rand(8, 512, 64) for _ in range(3))
    measure("attention 8x512x64", lambda: attention(q, k, v))
    scale, shift = torch.rand(768), torch.rand(768)
    measure("layer norm 512x768", lambda: F.layer_norm(x, (768,), scale, shift))
    measure("softmax 512x768", lambda: torch.softmax(x, -1))


main()
