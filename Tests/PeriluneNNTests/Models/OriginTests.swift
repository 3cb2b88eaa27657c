import PeriluneGraph
import PeriluneNN
import Testing

/// Each node knows the layer that asked for it.
struct OriginTests {
    @Test func `nodes are from layers, by their paths`() throws {
        let inner = Sequential([Dense(4, activation: .relu, name: "a"), Dense(3, name: "b")], name: "block")
        let model = Sequential([inner, Dense(2, activation: .softmax, name: "head")])
        let builder = GraphBuilder()
        try model.build(inputs: [TensorSpec([5])])
        let x = builder.input(0, TensorSpec([7, 5]))
        let y = try model.emit(into: builder, [x], isTraining: true).outputs[0].tensor
        _ = try builder.gradients(of: y.sum(), withRespectTo: [x])
        var origins: [String: Set<String>] = [:]
        for node in builder.graph.nodes {
            if let origin = node.origin { origins[origin, default: []].insert(node.op.label) }
        }
        #expect(origins.keys.sorted() == ["block/a", "block/b", "head"])
        #expect(origins["block/a"]?.isSuperset(of: ["matmul", "relu", "lessOrEqual"]) == true, "\(origins)")
        #expect(origins["head"]?.isSuperset(of: ["matmul", "softmax", "multiply"]) == true, "\(origins)")
        #expect(origins["block/b"]?.contains("softmax") == false)
    }
}
