import PeriluneGraph
public import PeriluneItems

/// The mean of each channel over one spatial axis (keras.layers.GlobalAveragePooling1D).
public final class GlobalAveragePooling1D: GlobalPooling {
    public override class var kind: String { "global_average_pooling1d" }

    public static let declaration = LayerDeclaration.globalPooling(
        GlobalAveragePooling1D.self, help: "The mean of all steps.")
    override class var axes: Int { 1 }
    override class var operation: PoolingAttributes.Kind { .average }
}
