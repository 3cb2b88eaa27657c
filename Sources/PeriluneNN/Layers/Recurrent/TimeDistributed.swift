public import PeriluneGraph
public import PeriluneItems

/// A layer that is applied to each step of a sequence by itself (keras.layers.TimeDistributed).
///
/// Input [n, steps, …], outputs [n, steps, …]: the layer sees all steps of all examples as one batch.
public final class TimeDistributed: SingleInputLayer {
    public static let kind = "time_distributed"

    public static let declaration = LayerDeclaration(
        layer: kind, TimeDistributed(IdentityLayer()),
        positional: [.required("layer", \.layer, .layer, "what is applied to each step")],
        help: "A layer that is applied to each step of a sequence: lune.time_distributed(lune.dense(8))."
    ) { try TimeDistributed($0[\.layer]) }

    public let core: LayerCore
    public let layer: any Layer

    public init(_ layer: any Layer, name: String? = nil) {
        core = LayerCore(name: name)
        self.layer = layer
        core.extent = LayerExtent(calling: [layer])
    }

    public var sublayers: [any Layer] { [layer] }
    public var inputRanks: ClosedRange<Int> { 3...Int.max }
    public var inputDType: DType? { nil }

    public func validate() throws {
        try core.extent.check()
        try layer.validate()
    }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        let (n, steps) = (x.shape[0], x.shape[1])
        let outputs = try context.call(layer, [x.reshaped(to: x.shape.dropFirst(2).prepending(n * steps))])
        guard outputs.count == 1 else {
            throw ModelError(.invalidArgument, "takes a layer of one output, got \(outputs.count)")
        }
        return try outputs[0].reshaped(to: outputs[0].shape.dropFirst().prepending(steps).prepending(n))
    }
}
