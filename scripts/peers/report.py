"""Prints a measurement the way perilune-bench does."""

import json
import statistics
import sys


def report(workload, peer, seconds_per_step):
    """One line for the median and the least of several measurements."""
    figures = {
        "workload": workload,
        "peer": peer,
        "dtype": "float32",
        "us_per_step": round(statistics.median(seconds_per_step) * 1e6, 1),
        "min_us": round(min(seconds_per_step) * 1e6, 1),
    }
    if "--json" in sys.argv:
        print(json.dumps(figures), flush=True)
    else:
        print(f"{workload:<16}" + "  ".join(f"{k} {v}" for k, v in figures.items() if k != "workload"), flush=True)
