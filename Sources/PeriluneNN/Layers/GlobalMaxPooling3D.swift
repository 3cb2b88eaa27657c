import PeriluneGraph
public import PeriluneItems

/// The largest element of each channel over 3 spatial axes (keras.layers.GlobalMaxPooling3D).
public final class GlobalMaxPooling3D: GlobalPooling {
    public override class var kind: String { "global_max_pooling3d" }

    public static let declaration = LayerDeclaration.globalPooling(
        GlobalMaxPooling3D.self, help: "The largest of each channel of a volume.")
    override class var axes: Int { 3 }
    override class var operation: PoolingAttributes.Kind { .maximum }
}
