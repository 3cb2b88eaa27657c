public import PeriluneItems

/// A convolution over 2 spatial axes, [n, height, width, in] to [n, height', width', filters] (keras.layers.Conv2D).
public final class Conv2D: Convolution {
    public override class var kind: String { "conv2d" }

    public static let declaration = LayerDeclaration.convolution(
        Conv2D.self, help: "A convolution over images: [n, height, width, in] to [n, height', width', filters].")
    override class var axes: Int { 2 }
}
