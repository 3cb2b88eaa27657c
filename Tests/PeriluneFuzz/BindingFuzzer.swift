import PeriluneLua
import PeriluneLuaRuntime

/// Calls every binding with random arguments. One round is a fresh state with some dozens of calls in it, which build
/// on what the ones before them made.
struct BindingFuzzer: Fuzzer {
    /// Whether each call is a fit with callbacks.
    var fits = false

    func round(_ seed: UInt64, cases: Int, _ run: FuzzRun) throws {
        let state = try fuzzedState(run)
        var calls = CallText(random: SplitMix(seed: seed))
        for _ in 0..<cases {
            let text = fits ? calls.fit() : calls.next()
            run.start(text)
            run.watchdog.watch(text, in: state) {
                do {
                    let results = try state.load(text: text, name: "fuzz").run()
                    run.succeeded()
                    keep(results, in: state, calls.values.random.below(1 << 20))
                } catch {
                    run.failed(error)
                }
            }
            guard state.stackHeight == 0, state.parkedErrorCount == 0 else {
                throw FuzzFinding("values are left on the Lua stack, or errors parked")
            }
        }
    }

    private func keep(_ results: [LuaValue], in state: LuaState, _ number: Int) {
        for result in results.prefix(2) {
            guard case .object = result else { continue }
            _ = try? state[global: "keep"].function?.call(
                .string(state.typeName(of: result)), .integer(number), result)
        }
    }
}

/// Something wrong that did not end the process.
struct FuzzFinding: Error {
    let message: String
    init(_ message: String) { self.message = message }
}
