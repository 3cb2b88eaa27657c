import PeriluneGraph
public import PeriluneItems

/// The mean of each window of 2 spatial axes (keras.layers.AveragePooling2D).
public final class AveragePooling2D: Pooling {
    public override class var kind: String { "average_pooling2d" }

    public static let declaration = LayerDeclaration.pooling(
        AveragePooling2D.self, help: "The mean of each window of an image.")
    override class var axes: Int { 2 }
    override class var operation: PoolingAttributes.Kind { .average }
}
