import PeriluneLua
import PeriluneLuaRuntime
import PeriluneTrain

/// Runs random strict scripts in the fits of a host, and reads them again meanwhile.
struct HostFuzzer: Fuzzer {
    private static let limits = ScriptLimits(memory: 32 << 20, time: .milliseconds(200))

    func round(_ seed: UInt64, cases: Int, _ run: FuzzRun) throws {
        let state = try fuzzedState(run)
        guard let data = try state.run("return P.dataset[1]") else { return }
        state[global: "data"] = data
        var soup = LuaSoup(random: SplitMix(seed: seed))
        var values = ValueText(random: SplitMix(seed: ~seed))
        for _ in 0..<cases {
            let text = Self.script(&soup, &values)
            run.start(text.debugDescription)
            run.watchdog.watch(text, in: state) {
                do {
                    let script = try LuaScript(source: text, name: "stranger.lua", limits: Self.limits)
                    script.state.output = { _ in }
                    state.runHooks.scripts = [script]
                    _ = try state.run(
                        "return P.model[1]:fit(data, { epochs = 2, batch_size = 5, verbose = 0, validation = data })")
                    run.succeeded()
                } catch {
                    run.failed(error)
                }
            }
            state.runHooks.scripts = []
            guard state.stackHeight == 0, state.parkedErrorCount == 0 else {
                throw FuzzFinding("values are left on the Lua stack, or errors parked")
            }
        }
    }

    private static func script(_ soup: inout LuaSoup, _ values: inout ValueText) -> String {
        var text = "lune = require 'perilune' P = { tensor = { lune.ones(2) }, model = {}, dataset = {}, cycle = {} }\n"
        if values.random.chance(0.3) { text += soup.script() + "\n" }
        for _ in 0...values.random.below(3) {
            let name = values.random.pick(FuzzPool.events)
            text +=
                values.random.chance(0.6)
                ? "on_\(name) = \(values.handler())\n"
                : "function on_\(name)(...) local a, b, c = ... \(values.random.pick(reckless)) end\n"
        }
        return text
    }

    /// What a stranger may do in an event.
    private static let reckless = [
        "c = c or b c:evaluate(c.model)", "for k in pairs(b) do b[k] = nil end",
        "b = type(a) == 'table' and a or b b.loss = 0/0",
        "return select(-1, ...)", "kept = kept or select(-1, ...) return { lr = kept.optimizer.lr * 2 }",
        "state = state or {} state[#state + 1] = ... return state",
        "pcall(coroutine.wrap(function() while true do end end))",
        "local run = select(-1, ...) run.optimizer.lr = 0/0",
        "local run = select(-1, ...) run.model.stop_training = true",
        "local run = select(-1, ...) for _, w in ipairs(run.model.weights) do w:assign(w * 2) end",
        "local run = select(-1, ...) for _, w in ipairs(run.model.weights) do local g = w.grad "
            + "w.grad:assign(g * 0) end",
        "local run = select(-1, ...) run.model:compile { loss = 'mse' }",
        "local run = select(-1, ...) run:stop() run:stop('x')",
        "local run = select(-1, ...) run.model:fit(run.model:predict(lune.ones(2, 4)))",
        "local run = select(-1, ...) return { log = { [tostring(run)] = run.step } }",
        "error(setmetatable({}, { __tostring = function(x) error(x) end }))",
        "local m = {} m.__call = m setmetatable(m, m)()",
        "local t = {} while true do t[#t + 1] = lune.ones(1000) end", "on_epoch_end = function() return 'stop' end",
        "setmetatable(_G, { __index = function(_, k) return k end, __newindex = error })",
        "_G.on_epoch_end = nil _G = nil",
    ]
}

extension LuaState {
    fileprivate func run(_ text: String) throws -> LuaValue? { try load(text: text, name: "fuzz").run().first }
}
