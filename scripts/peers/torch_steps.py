"""Training steps of PyTorch, eager: torch_steps.py digits|mlp|cnn|lstm [--json]"""

import sys
import time

import torch
from report import report
from torch import nn
from torch.nn import functional


def dense(*sizes):
    parts = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        parts += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*parts[:-1])


def convolutions():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.5), nn.Linear(1600, 10),
    )  # fmt: skip


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(65, 64)
        self.lstm = nn.LSTM(64, 256, batch_first=True)
        self.dense = nn.Linear(256, 65)

    def forward(self, x):
        return self.dense(self.lstm(self.embedding(x))[0]).flatten(0, 1)


WORKLOADS = {
    "digits": (lambda: dense(64, 128, 64, 10), (64,), 32, 2000),
    "mlp": (lambda: dense(784, 512, 512, 10), (784,), 128, 200),
    "cnn": (convolutions, (1, 28, 28), 128, 30),
    "lstm": (Recurrent, (64,), 32, 20),
}


def measure(workload):
    make_model, shape, batch, steps = WORKLOADS[workload]
    torch.manual_seed(0)
    model = make_model()
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    if workload == "lstm":
        x, y = torch.randint(0, 65, (batch, *shape)), torch.randint(0, 65, (batch * shape[0],))
    else:
        x, y = torch.rand(batch, *shape), torch.randint(0, 10, (batch,))
    times = []
    for repeat in range(8):
        start = time.perf_counter()
        for _ in range(steps):
            optimizer.zero_grad(set_to_none=True)
            loss = functional.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            loss.item()
        if repeat > 0:
            times.append((time.perf_counter() - start) / steps)
    report(workload, "torch", times)


measure(sys.argv[1])
