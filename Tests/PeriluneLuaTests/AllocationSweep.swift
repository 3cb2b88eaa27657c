import PeriluneItems
import PeriluneLua
import PeriluneLuaRuntime
import Testing

/// Runs a scenario again and again while the n-th allocation that its scripts ask for fails, for n = 1, 2, … until it
/// passes with none failing.
///
/// Each run has to end in a clean error, or in the right result where the script caught the error, and leave the state
/// as it was: nothing on the stack, nothing parked.
struct AllocationSweep {
    /// How allocations fail.
    enum Mode: Int, CaseIterable {
        /// One: Lua collects its garbage in the middle of whatever it does, asks again, and goes on.
        case collecting = 1
        /// That one and the second try: the error "not enough memory" right there, and memory again for what follows.
        case once = 2
        /// All that follow until the host is back: as it is where a limit is hit.
        case lasting = 1_000_000_000
    }

    var mode: Mode
    /// Tries every n up to here, and beyond it each `stride`-th.
    var dense = Int.max
    var stride = 1

    /// What a sweep met.
    struct Outcome {
        var runs = 0, memoryErrors = 0, otherErrors = 0
        /// The n at which nothing failed any more.
        var end = 0
    }

    /// - Parameter scenario: runs the scripts and returns what they gave.
    func run(
        _ state: LuaState, sourceLocation: SourceLocation = #_sourceLocation, _ scenario: () throws -> [LuaValue],
        expecting isRight: ([LuaValue]) -> Bool
    ) -> Outcome {
        var outcome = Outcome()
        var n = 1
        while true {
            outcome.runs += 1
            state.failAllocation(n, times: mode.rawValue)
            let result = Result { try scenario() }
            let failures = state.failedAllocations
            state.failAllocation(0)
            if state.stackHeight != 0 || state.parkedErrorCount != 0 {
                Issue.record("n = \(n): the state is not as before", sourceLocation: sourceLocation)
                return outcome
            }
            switch result {
            case .success(let values):
                if failures == 0 {
                    #expect(isRight(values), sourceLocation: sourceLocation)
                    outcome.end = n
                    return outcome
                }
                // Where nothing but a collection happened the script must not notice.
                if mode == .collecting, !isRight(values) {
                    Issue.record("n = \(n): a wrong result: \(values)", sourceLocation: sourceLocation)
                }
            case .failure(let error):
                let isMemory = (error as? LuaError)?.kind == .memory || "\(error)".contains("not enough memory")
                if isMemory { outcome.memoryErrors += 1 } else { outcome.otherErrors += 1 }
                if failures == 0 || mode == .collecting {
                    Issue.record("n = \(n): \(error)", sourceLocation: sourceLocation)
                    return outcome
                }
            }
            n += n < dense ? 1 : stride
        }
    }
}
