import PeriluneGraph
public import PeriluneItems

/// The mean of each window of one spatial axis (keras.layers.AveragePooling1D).
public final class AveragePooling1D: Pooling {
    public override class var kind: String { "average_pooling1d" }

    public static let declaration = LayerDeclaration.pooling(
        AveragePooling1D.self, help: "The mean of each window of steps.")
    override class var axes: Int { 1 }
    override class var operation: PoolingAttributes.Kind { .average }
}
