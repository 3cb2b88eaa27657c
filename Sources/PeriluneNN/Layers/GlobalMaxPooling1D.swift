import PeriluneGraph
public import PeriluneItems

/// The largest element of each channel over one spatial axis (keras.layers.GlobalMaxPooling1D).
public final class GlobalMaxPooling1D: GlobalPooling {
    public override class var kind: String { "global_max_pooling1d" }

    public static let declaration = LayerDeclaration.globalPooling(
        GlobalMaxPooling1D.self, help: "The largest of all steps.")
    override class var axes: Int { 1 }
    override class var operation: PoolingAttributes.Kind { .maximum }
}
