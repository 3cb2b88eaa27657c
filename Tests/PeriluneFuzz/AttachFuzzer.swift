import Glibc
import PeriluneLua
import PeriluneLuaRuntime
import PerilunePrompt

/// Fits with hostile clients attached. Once those are gone the run is as it was: what they started has ended, somebody
/// else is served, and another fit gives what it always gave.
struct AttachFuzzer: Fuzzer {
    func round(_ seed: UInt64, cases: Int, _ run: FuzzRun) throws {
        // Where this process works nobody else's runs are.
        if let folder = getcwd(nil, 0) {
            setenv("XDG_RUNTIME_DIR", folder, 1)
            free(folder)
        }
        try withoutLeaks { try attached(seed, cases: cases, run) }
    }

    /// - Returns: the state in which it happened.
    private func attached(_ seed: UInt64, cases: Int, _ run: FuzzRun) throws -> LuaState {
        let state = try fuzzedState(run)
        // What takes long is for those to end who asked for it.
        (state.runHooks.willRun, state.runHooks.didRun) = (nil, nil)
        let sound = try SoundFit(state)
        let server = AttachServer(state, script: "fuzz", breaker: FuzzBreaker(state))
        let attendant = NestingAttendant(server)
        defer { server.stop() }
        // The first fit makes the socket.
        state.runHooks.attendant = attendant
        try sound.check()
        var random = SplitMix(seed: seed)
        for _ in 0..<max(1, cases / 4) {
            let visit = AttachVisit(HostileClient(seed: random.next(), folder: AttachFolder.path), attendant.depth)
            state.runHooks.attendant = attendant
            run.watchdog.watch("a run with visitors", in: nil) {
                guard visit.start(run) else { return }
                // A visitor may end a fit at any time.
                repeat { try? sound.runEndlessly() } while !visit.isOver
                visit.end()
            }
            state.runHooks.attendant = nil
            if let finding = visit.finding { throw finding }
            guard state.stackHeight == 0, state.parkedErrorCount == 0, state.runHooks.current == nil else {
                throw FuzzFinding("a fit left something behind")
            }
            try sound.check()
        }
        return state
    }
}
