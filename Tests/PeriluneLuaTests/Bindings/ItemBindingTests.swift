import PeriluneItems
import Testing

@testable import PeriluneLua
@testable import PeriluneLuaRuntime

/// Calls of constructors that are made from declarations.
struct ItemBindingTests {
    @Test(arguments: [
        ("lune.conv2d(32, { kernel_size = 3 })", "lune.conv2d { 32, kernel_size = 3 }"),
        ("lune.conv2d(32, { kernel_size = { 3, 5 }, strides = 2 })", "lune.conv2d(32, { 3, 5 }, { strides = 2 })"),
        ("lune.embedding(10, { output_dim = 4 })", "lune.embedding(10, 4)"),
        ("lune.dense({ units = 4 })", "lune.dense(4)"),
    ]) func `An argument may come by position or by name`(one: String, other: String) throws {
        let state = try lune()
        func outline(_ layer: String) throws -> String {
            let input = layer.contains("embedding") ? "3" : "8, 8, 3"
            return try state.run(
                "local m = lune.sequential { lune.input { \(input) }, \(layer) }; local t = {} "
                    + "for i, w in ipairs(m.layers[1].weights) do t[i] = table.concat(w.shape, 'x') end "
                    + "return table.concat(t, ' ') .. ' ' .. table.concat(m.layers[1].output_shape, 'x')"
            ).first?.string ?? ""
        }
        #expect(try outline(one) == outline(other))
    }

    @Test func `An argument that is in neither is missed`() throws {
        let state = try lune()
        #expect(throws: LuaError.self) { try state.run("lune.conv2d(32, { strides = 2 })") }
        expectMessage(
            "bad argument #2 to 'conv2d' (integer of at least 1 or list of 1 to 3 integers of at least 1 expected, "
                + "got no value)"
        ) { try state.run("lune.conv2d(32, { strides = 2 })") }
    }
}

private func expectMessage(_ message: String, _ body: () throws -> some Any) {
    do {
        _ = try body()
        Issue.record("nothing was thrown, expected: \(message)")
    } catch {
        #expect("\(error)".contains(message), "\(error)")
    }
}
