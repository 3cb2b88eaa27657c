import PeriluneGraph
import PeriluneNN
import Testing

@Suite struct ModelOutlineTests {
    private func text(_ outline: ModelOutline) -> [String] {
        outline.inputs.map { "\($0.name): \($0.spec.map(\.description) ?? "?")" }
            + outline.nodes.flatMap { node in
                ["\(node.layer.name) of \(node.calls)"] + (node.inside.map(text) ?? []).map { "  " + $0 }
            } + ["gives \(outline.outputs)"]
    }

    @Test func `a stack is a chain`() throws {
        let model = Sequential([Dense(4), Dense(2)])
        #expect(
            text(model.outline) == [
                "input: ?", #"dense of [["input"]]"#, #"dense_1 of [["dense"]]"#, #"gives ["dense_1"]"#,
            ])
        try model.build(inputShapes: [[3]])
        #expect(text(model.outline)[0] == "input: \(TensorSpec([3]))")
        #expect(model.outline.isSequential)
    }

    @Test func `a submodel is one node, and what takes its output takes that of the layer within`() throws {
        let x = Input([3])
        let inner = Sequential([Dense(2, name: "a"), Dense(3, name: "b")], name: "inner")
        let once = try inner(x)
        let sum = try Add()([once, inner(once)])
        let model = try Model(inputs: [x], outputs: [sum, inner(sum)])
        let spec = TensorSpec([3]).description
        #expect(
            text(model.outline) == [
                "input: \(spec)", #"inner of [["input"], ["inner/b"], ["add"]]"#, "  input: \(spec)",
                #"  a of [["input"]]"#, #"  b of [["a"]]"#, #"  gives ["b"]"#, #"add of [["inner/b", "inner/b"]]"#,
                #"gives ["add", "inner/b"]"#,
            ])
        #expect(!model.outline.isSequential)
    }

    @Test func `an output of a submodel's submodel is named by its whole path, one that is an input by that`() throws {
        let x = Input([3])
        let deep = Sequential([Sequential([Dense(2)], name: "one")], name: "two")
        let two = try Model(inputs: [x], outputs: [deep(x), x], name: "split")
        let y = Input([3])
        let parts = try two.outputs(of: [y])
        let model = try Model(inputs: [y], outputs: [parts[1], Dense(1)(parts[0])])
        #expect(model.outline.outputs == ["split/input", "dense"])
        #expect(model.outline.nodes.last?.calls == [["split/two/one/dense"]])
    }

    @Test func `an input has no layer's name`() {
        #expect(
            Sequential([Dense(1, name: "input"), Dense(1, name: "input_")]).outline.inputs.map(\.name) == ["input__"])
    }
}
