import PeriluneGraph
public import PeriluneItems

/// The mean of each window of 3 spatial axes (keras.layers.AveragePooling3D).
public final class AveragePooling3D: Pooling {
    public override class var kind: String { "average_pooling3d" }

    public static let declaration = LayerDeclaration.pooling(
        AveragePooling3D.self, help: "The mean of each window of a volume.")
    override class var axes: Int { 3 }
    override class var operation: PoolingAttributes.Kind { .average }
}
