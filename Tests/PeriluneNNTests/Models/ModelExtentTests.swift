import PeriluneGraph
import PeriluneNN
import Testing

/// Models nest and chain as far as users write them; neither the stack nor the memory of the machine may give out.
@Suite struct ModelExtentTests {
    private func nested(_ depth: Int) -> Sequential {
        (0..<depth).reduce(Sequential([Dense(2)])) { inner, _ in Sequential([inner]) }
    }

    @Test func `Models nest to a depth and no further`() throws {
        let deep = nested(62)
        try deep.build(inputShapes: [[3]])
        #expect(deep.parameterCount == 8)
        let deeper = nested(63)
        let tooDeep = "models are nested more than 63 deep"
        expectModelError(tooDeep) { try deeper.validate() }
        expectModelError(tooDeep) { try deeper.build(inputShapes: [[3]]) }
        expectModelError(tooDeep) { try Sequential([]).add(nested(63)) }
    }

    @Test func `A model that is part of another one does not grow`() throws {
        let inner = Sequential([])
        let outer = Sequential([inner])
        expectModelError("model 'sequential' is part of another model: layers cannot be added any more") {
            try inner.add(Dense(2))
        }
        try outer.add(Dense(2))
    }

    /// Twice the layer below, forty times over.
    @Test func `A model that doubles again and again is refused`() throws {
        var layer: any Layer = ActivationLayer(.relu)
        var failed = false
        for _ in 0..<40 where !failed {
            let input = Input([4])
            do {
                layer = try Model(inputs: [input], outputs: [layer(layer(input))])
            } catch {
                #expect("\(error)".contains("a model calls more than 9999 layers"))
                failed = true
            }
        }
        #expect(failed)
    }

    @Test func `A long chain of calls is let go of`() throws {
        let layer = ActivationLayer(.relu)
        var tensor: ModelTensor? = Input([1])
        weak let first = tensor
        for _ in 0..<100_000 { tensor = try tensor.map { try layer($0) } }
        #expect(first != nil)
        tensor = nil
        #expect(first == nil)
    }

    @Test func `What branches of a chain share stays until the last is gone`() throws {
        let layer = ActivationLayer(.relu)
        let input = Input([1])
        let shared = try layer(input)
        var branches = try [layer(shared), layer(layer(shared))]
        branches.removeLast()
        let model = try Model(inputs: [input], outputs: branches)
        #expect(model.layers.count == 1)
    }
}
