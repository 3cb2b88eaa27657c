extension Graph: CustomStringConvertible {
    /// The live nodes, one a line, in a form that is stable enough for golden tests:
    /// `%3 = matmul(%0, %2) : float32[32, 10]`.
    public var description: String {
        func name(_ value: Value) -> String {
            value.output == 0 ? "%\(value.node.index)" : "%\(value.node.index).\(value.output)"
        }
        var lines = liveNodes.map { id in
            let node = self[id]
            let operands = node.inputs.map(name).joined(separator: ", ")
            let specs = node.outputs.map(\.description).joined(separator: ", ")
            return "%\(id.index) = \(node.op.label)\(node.inputs.isEmpty ? "" : "(\(operands))") : \(specs)"
        }
        lines += outputs.map { "\($0.name) = \(name($0.value))" }
        lines += updates.map { "v\($0.variable.index) := \(name($0.value))" }
        return lines.joined(separator: "\n")
    }
}
