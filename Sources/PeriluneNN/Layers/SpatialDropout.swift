public import PeriluneGraph
import PeriluneItems

/// Drops whole channels of [n, …spatial, channels] (Tompson et al. 2014): what `SpatialDropout1D` and its like share.
/// Nothing at inference.
public class SpatialDropout: SingleInputLayer {
    public class var kind: String { "spatial_dropout" }
    /// The number of spatial axes.
    class var axes: Int { 2 }

    public let core: LayerCore
    public let rate: Float

    /// - Parameter rate: the share that is dropped, at least 0 and below 1.
    public required init(_ rate: Float, name: String? = nil) {
        core = LayerCore(name: name)
        self.rate = rate
    }

    public final var inputRanks: ClosedRange<Int> { (Self.axes + 2)...(Self.axes + 2) }

    public final func validate() throws { try Argument.within("rate", rate, 0..<1) }

    public final func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        context.isTraining && rate > 0 ? try x.dropped(rate, sharing: Array(1...Self.axes)) : x
    }
}

extension ItemDeclaration where Product == any Layer {
    static func spatialDropout<Item: SpatialDropout>(_ type: Item.Type, help: String) -> Self {
        LayerDeclaration(
            layer: Item.kind, Item(0),
            positional: [.required("rate", \.rate, .number(.within(0..<1)), "the share that is dropped")], help: help
        ) { try Item($0[\.rate]) }
    }
}
