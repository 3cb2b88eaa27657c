"""Training steps written by hand in JAX, under jit: jax_steps.py digits|mlp [--json]"""

import sys
import time

import jax
import jax.numpy as jnp
import numpy as np
import optax
from report import report

SHAPES = {"digits": ((64, 128, 64, 10), 32, 2000), "mlp": ((784, 512, 512, 10), 128, 200)}


def parameters(sizes):
    keys = jax.random.split(jax.random.PRNGKey(0), len(sizes))
    return [
        (jax.random.normal(key, (inputs, outputs)) * np.sqrt(2 / inputs), jnp.zeros(outputs))
        for key, inputs, outputs in zip(keys, sizes, sizes[1:])
    ]


def loss(weights, x, y):
    for kernel, bias in weights[:-1]:
        x = jax.nn.relu(x @ kernel + bias)
    kernel, bias = weights[-1]
    return optax.softmax_cross_entropy_with_integer_labels(x @ kernel + bias, y).mean()


def measure(workload):
    sizes, batch, steps = SHAPES[workload]
    optimizer = optax.adam(1e-3)
    weights = parameters(sizes)
    state = optimizer.init(weights)

    @jax.jit
    def step(weights, state, x, y):
        value, gradients = jax.value_and_grad(loss)(weights, x, y)
        updates, state = optimizer.update(gradients, state)
        return optax.apply_updates(weights, updates), state, value

    random = np.random.default_rng(0)
    x = jnp.asarray(random.random((batch, sizes[0]), np.float32))
    y = jnp.asarray(random.integers(0, 10, batch))
    times = []
    for repeat in range(8):
        start = time.perf_counter()
        for _ in range(steps):
            weights, state, value = step(weights, state, x, y)
            value.block_until_ready()
        if repeat > 0:
            times.append((time.perf_counter() - start) / steps)
    report(workload, "jax", times)


if sys.argv[1] in SHAPES:
    measure(sys.argv[1])
