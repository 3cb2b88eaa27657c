import PeriluneLua
import PeriluneLuaRuntime
import PerilunePrompt

/// Types random text at a prompt, and asks for completions of it.
struct PromptFuzzer: Fuzzer {
    func round(_ seed: UInt64, cases: Int, _ run: FuzzRun) throws {
        let state = try fuzzedState(run)
        var shown = 0
        let prompt = Prompt(state) { shown += $0.utf8.count }
        prompt.values["model"] = try state.load(text: "return P.model[1]", name: "fuzz").run().first ?? .nil
        prompt.commands.append(PromptCommand("continue", help: "Goes on.") { _, _ in .left })
        var soup = LuaSoup(random: SplitMix(seed: seed))
        for _ in 0..<cases {
            let text = soup.next()
            run.start(text.debugDescription)
            run.watchdog.watch(text, in: state) {
                let completions = prompt.completions(of: text)
                shown = 0
                switch prompt.evaluate(text) {
                case .done where completions.candidates.allSatisfy { !$0.isEmpty }: run.succeeded()
                case .done, .failed, .incomplete, .left: break
                }
            }
            guard shown < 1 << 22 else { throw FuzzFinding("a line shows \(shown) bytes") }
            guard state.stackHeight == 0, state.parkedErrorCount == 0 else {
                throw FuzzFinding("values are left on the Lua stack, or errors parked")
            }
        }
    }
}

/// Loads and runs random scripts.
struct ScriptFuzzer: Fuzzer {
    func round(_ seed: UInt64, cases: Int, _ run: FuzzRun) throws {
        let state = try fuzzedState(run)
        var soup = LuaSoup(random: SplitMix(seed: seed))
        for _ in 0..<cases {
            let text = soup.script()
            run.start(text.debugDescription)
            run.watchdog.watch(text, in: state) {
                do {
                    _ = try state.load(text: text, name: "fuzz", environment: .own).run()
                    run.succeeded()
                } catch {
                    _ = (error as? LuaError)?.report
                    run.failed(error)
                }
            }
            guard state.stackHeight == 0, state.parkedErrorCount == 0 else {
                throw FuzzFinding("values are left on the Lua stack, or errors parked")
            }
        }
    }
}

/// A state with the module, the pool of objects, bounded memory, and nothing printed.
func fuzzedState(_ run: FuzzRun) throws -> LuaState {
    let state = try LuaState()
    try PeriluneModule.install(in: state)
    state.memoryLimit = 256 << 20
    state.runHooks.message = { _ in }
    run.watchdog.attend(state)
    try state.load(text: FuzzPool.prelude + FuzzPool.helpers, name: "prelude").run()
    state[global: "print"] = .function(
        state.makeFunction { call in
            for value in call.arguments { _ = try call.state.describe(value) }
            return []
        })
    return state
}
