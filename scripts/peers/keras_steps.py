"""Training steps of Keras's fit: keras_steps.py jax|tensorflow digits|mlp|cnn [--json]"""

import os
import sys
import time

os.environ["KERAS_BACKEND"] = sys.argv[1]
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers  # noqa: E402
from report import report  # noqa: E402


def dense(*sizes):
    return [layers.Dense(size, "relu") for size in sizes] + [layers.Dense(10)]


def convolutions():
    return [
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(10),
    ]


WORKLOADS = {
    "digits": (lambda: dense(128, 64), (64,), 32, 1000),
    "mlp": (lambda: dense(512, 512), (784,), 128, 100),
    "cnn": (convolutions, (28, 28, 1), 128, 20),
}


def measure(workload):
    make_layers, shape, batch, steps = WORKLOADS[workload]
    random = np.random.default_rng(0)
    x = random.random((batch * steps, *shape), np.float32)
    y = random.integers(0, 10, batch * steps)
    model = keras.Sequential(make_layers())
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
    times = []
    for repeat in range(8):
        start = time.perf_counter()
        model.fit(x, y, batch_size=batch, epochs=1, verbose=0)
        if repeat > 0:
            times.append((time.perf_counter() - start) / steps)
    report(workload, f"keras on {sys.argv[1]}", times)


measure(sys.argv[2])
