/// `lune.layers`, and every one of them in `lune` itself.
enum LayerBindings {
    static let functions: [Binding] =
        CoreLayerBindings.functions + ConvolutionBindings.functions + PoolingBindings.functions
        + NormalizationBindings.functions + RegularizationBindings.functions + ShapeLayerBindings.functions
        + MergingBindings.functions + ActivationLayerBindings.functions
}
