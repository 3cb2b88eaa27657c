/// A convolution over 3 spatial axes, [n, depth, height, width, in] to [n, depth', height', width', filters] (keras.layers.Conv3D).
public final class Conv3D: Convolution {
    public override class var kind: String { "conv3d" }
    override class var axes: Int { 3 }
}
