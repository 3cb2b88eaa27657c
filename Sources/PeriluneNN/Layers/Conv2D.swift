/// A convolution over 2 spatial axes, [n, height, width, in] to [n, height', width', filters] (keras.layers.Conv2D).
public final class Conv2D: Convolution {
    public override class var kind: String { "conv2d" }
    override class var axes: Int { 2 }
}
