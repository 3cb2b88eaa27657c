public import PeriluneGraph
import PeriluneItems

/// Pooling over windows of one, two or three spatial axes, channels last: what the pooling layers share.
///
/// Input [n, …spatial, channels], output [n, …spatial', channels]. Padding does not count towards an average.
public class Pooling: SingleInputLayer {
    public class var kind: String { "pooling" }
    /// The number of spatial axes.
    class var axes: Int { 2 }
    class var operation: PoolingAttributes.Kind { .maximum }

    public let core: LayerCore
    public let poolSize: Extents
    /// Steps between windows; the window's extents where nil.
    public let strides: Extents?
    public let padding: PaddingMode

    public required init(
        _ poolSize: Extents = 2, strides: Extents? = nil, padding: PaddingMode = .valid, name: String? = nil
    ) {
        core = LayerCore(name: name)
        self.poolSize = poolSize
        self.strides = strides
        self.padding = padding
    }

    public final var inputRanks: ClosedRange<Int> { (Self.axes + 2)...(Self.axes + 2) }

    public final func validate() throws {
        guard padding != .causal else {
            throw ModelError(.invalidArgument, "padding 'causal' is for conv1d; use 'valid' or 'same'")
        }
        _ = try windows()
    }

    private func windows() throws -> WindowShapes {
        try WindowShapes(
            window: poolSize.expanded(to: Self.axes, "pool_size"),
            strides: (strides ?? poolSize).expanded(to: Self.axes, "strides"),
            dilations: [Int](repeating: 1, count: Self.axes))
    }

    public final func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        let windows = try windows()
        return try x.pooled(
            PoolingAttributes(
                Self.operation, window: windows.window, strides: windows.strides,
                padding: windows.padding(padding, input: x.shape)))
    }
}

extension ItemDeclaration where Product == any Layer {
    static func pooling<Item: Pooling>(_ type: Item.Type, help: String) -> Self {
        LayerDeclaration(
            layer: Item.kind, Item(),
            positional: [
                .optional("pool_size", \.poolSize, .extents, "the window: one extent, or one an axis")
            ],
            options: [
                .optional("strides", \.strides, .extents, shown: "pool_size", "steps between windows"),
                .optional(
                    "padding", \.padding, .choice(of: [.valid, .same]),
                    "\"same\" pads, which does not count towards an average"),
            ],
            help: help
        ) { try Item($0[\.poolSize], strides: $0[\.strides], padding: $0[\.padding]) }
    }
}
