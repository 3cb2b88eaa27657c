import PeriluneGraph
public import PeriluneItems

/// The largest element of each window of 3 spatial axes (keras.layers.MaxPooling3D).
public final class MaxPooling3D: Pooling {
    public override class var kind: String { "max_pooling3d" }

    public static let declaration = LayerDeclaration.pooling(
        MaxPooling3D.self, help: "The largest of each window of a volume.")
    override class var axes: Int { 3 }
    override class var operation: PoolingAttributes.Kind { .maximum }
}
