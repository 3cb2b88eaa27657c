import CLuaBridge
import PeriluneBinding
import PeriluneItems
import PeriluneLua
import PeriluneLuaRuntime
import Testing

@Suite struct BridgeLeakTests {
    @Test func `Ten thousand failing calls leave nothing behind`() throws {
        let counter = Tracked.Counter()
        do {
            let state = try LuaState()
            state.register(ClassBinding("tracked", Tracked.self, help: "A counted object."))
            state[global: "make"] = .function(
                state.makeFunction { _ in [.object(Tracked(counter))] })
            state[global: "fail"] = .function(
                state.makeFunction { call in
                    let held = Tracked(counter)
                    let argument = call[1]
                    throw BridgeTestError(text: "boom \(held.value) \(argument.typeName)")
                })
            let chunk = try state.load(text: "fail(make()) return 1", name: "script.lua", isFile: true)
            let caught = try state.load(
                text: "pcall(fail, make()) pcall(fail, {}) return make()", name: "c", isFile: true)
            for _ in 0..<10 {
                _ = try? chunk.run()
                try caught.run()
            }
            state.collectGarbage()
            let (registry, height) = (state.registryCount, state.stackHeight)
            for _ in 0..<10_000 {
                #expect(throws: LuaError.self) { try chunk.run() }
                try caught.run()
                if state.stackHeight != height { Issue.record("the stack grew") }
            }
            state.collectGarbage()
            #expect(state.registryCount == registry)
            #expect(state.stackHeight == height)
            #expect(counter.alive == 0)
            state[global: "kept"] = try state.run("return make()")[0]
            #expect(counter.alive == 1)
        }
        #expect(counter.alive == 0)
    }

    @Test func `Functions are released with what they captured`() throws {
        let counter = Tracked.Counter()
        let state = try LuaState()
        do {
            let captured = Tracked(counter)
            _ = state.makeFunction { _ in [.number(captured.value)] }
        }
        #expect(counter.alive == 1)
        state.collectGarbage()
        state.collectGarbage()
        #expect(counter.alive == 0)
    }
}
