import PeriluneGraph
public import PeriluneItems

/// The mean of each channel over 3 spatial axes (keras.layers.GlobalAveragePooling3D).
public final class GlobalAveragePooling3D: GlobalPooling {
    public override class var kind: String { "global_average_pooling3d" }

    public static let declaration = LayerDeclaration.globalPooling(
        GlobalAveragePooling3D.self, help: "The mean of each channel of a volume.")
    override class var axes: Int { 3 }
    override class var operation: PoolingAttributes.Kind { .average }
}
