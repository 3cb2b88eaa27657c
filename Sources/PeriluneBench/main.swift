print("perilune-bench")
