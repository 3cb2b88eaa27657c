import PeriluneGraph
public import PeriluneItems

/// The largest element of each window of one spatial axis (keras.layers.MaxPooling1D).
public final class MaxPooling1D: Pooling {
    public override class var kind: String { "max_pooling1d" }

    public static let declaration = LayerDeclaration.pooling(
        MaxPooling1D.self, help: "The largest of each window of steps.")
    override class var axes: Int { 1 }
    override class var operation: PoolingAttributes.Kind { .maximum }
}
