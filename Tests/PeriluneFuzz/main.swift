// Feeds random input to what scripts and people at the prompt can reach, and ends by a signal where that traps.
//
//     perilune-fuzz bindings|callbacks|hosts|checkpoints|prompt|live|attach|scripts|files [--seed N] [--seconds S]
//     [--cases N] [--verbose]
//
// Writes into the current folder: the journal of the round in progress, and whatever the fuzzed calls write.
import Glibc

do {
    try FuzzOptions(CommandLine.arguments.dropFirst()).run()
} catch {
    print("perilune-fuzz: \(error)")
    exit(1)
}
