/// A convolution over images [n, height, width, channels] that is none of `Convolution`'s: transposed, depthwise and
/// separable ones.
protocol ImageConvolution: ConvolutionLayer {
    /// - Throws: `ModelError.invalidArgument` where an option of the layer's own is out of range.
    func validateChannels() throws
}

extension ImageConvolution {
    var spatialAxes: Int { 2 }

    public var inputRanks: ClosedRange<Int> { 4...4 }

    public func validate() throws {
        try validateChannels()
        try validatePadding()
        _ = try windows()
        try activation.validate()
    }
}
