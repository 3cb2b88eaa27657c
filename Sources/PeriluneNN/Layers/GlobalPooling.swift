public import PeriluneGraph
import PeriluneItems

/// Pooling over all spatial axes, channels last: what the global pooling layers share.
///
/// Input [n, …spatial, channels], output [n, channels], or [n, 1, …, channels] where axes are kept.
public class GlobalPooling: SingleInputLayer {
    public class var kind: String { "global_pooling" }
    /// The number of spatial axes.
    class var axes: Int { 2 }
    class var operation: PoolingAttributes.Kind { .maximum }

    public let core: LayerCore
    public let keepsAxes: Bool

    public required init(keepsAxes: Bool = false, name: String? = nil) {
        core = LayerCore(name: name)
        self.keepsAxes = keepsAxes
    }

    public final var inputRanks: ClosedRange<Int> { (Self.axes + 2)...(Self.axes + 2) }

    public final func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        let spatial = Array(1...Self.axes)
        return switch Self.operation {
        case .maximum: try x.maximum(over: spatial, keepingAxes: keepsAxes)
        case .average: try x.mean(spatial, keepingAxes: keepsAxes)
        }
    }
}

extension ItemDeclaration where Product == any Layer {
    static func globalPooling<Item: GlobalPooling>(_ type: Item.Type, help: String) -> Self {
        LayerDeclaration(
            layer: Item.kind, Item(),
            options: [
                .optional("keepdims", \.keepsAxes, .boolean, "whether the axes stay, with an extent of 1")
            ],
            help: help
        ) { try Item(keepsAxes: $0[\.keepsAxes]) }
    }
}
