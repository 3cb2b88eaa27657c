public import PeriluneGraph

/// Drops whole channels of [n, …spatial, channels] with 2 spatial axes (Tompson et al. 2014,
/// keras.layers.SpatialDropout2D). Nothing at inference.
public final class SpatialDropout2D: SingleInputLayer {
    public static let kind = "spatial_dropout2d"

    public let core: LayerCore
    public let rate: Float

    /// - Parameter rate: the share that is dropped, at least 0 and below 1.
    public init(_ rate: Float, name: String? = nil) {
        core = LayerCore(name: name)
        self.rate = rate
    }

    public var inputRanks: ClosedRange<Int> { 4...4 }

    public func validate() throws { try Argument.within("rate", rate, 0..<1) }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        context.isTraining && rate > 0 ? try x.dropped(rate, sharing: [1, 2]) : x
    }
}
