import PeriluneGraph
public import PeriluneItems

/// The mean of each channel over 2 spatial axes (keras.layers.GlobalAveragePooling2D).
public final class GlobalAveragePooling2D: GlobalPooling {
    public override class var kind: String { "global_average_pooling2d" }

    public static let declaration = LayerDeclaration.globalPooling(
        GlobalAveragePooling2D.self, help: "The mean of each channel of an image.")
    override class var axes: Int { 2 }
    override class var operation: PoolingAttributes.Kind { .average }
}
