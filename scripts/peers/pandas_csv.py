"""Reads the tables of the csv workload with pandas:  pandas_csv.py [--json]  after  scripts/bench csv"""

import json
import os
import statistics
import sys
import time

import pandas

folder = os.path.join(os.environ.get("TMPDIR", "/tmp"), "perilune-bench-csv")
for table in ["numbers", "quoted", "words"]:
    path = os.path.join(folder, table + ".csv")
    if not os.path.exists(path):
        sys.exit(f"{path} is not there; run scripts/bench csv first")
    seconds = []
    for _ in range(7):
        start = time.perf_counter()
        frame = pandas.read_csv(path)
        seconds.append(time.perf_counter() - start)
        assert len(frame) == 1_000_000
    figures = {
        "workload": "csv",
        "peer": f"pandas {pandas.__version__}",
        "table": table,
        "seconds": round(statistics.median(seconds), 3),
        "min_seconds": round(min(seconds), 3),
    }
    if "--json" in sys.argv:
        print(json.dumps(figures), flush=True)
    else:
        print(f"{'csv':<16}" + "  ".join(f"{k} {v}" for k, v in figures.items() if k != "workload"), flush=True)
