public import PeriluneItems

/// A convolution over 3 spatial axes, [n, depth, height, width, in] to [n, depth', height', width', filters]
/// (keras.layers.Conv3D).
public final class Conv3D: Convolution {
    public override class var kind: String { "conv3d" }

    public static let declaration = LayerDeclaration.convolution(
        Conv3D.self, help: "A convolution over volumes: [n, depth, height, width, in].")
    override class var axes: Int { 3 }
}
