/// The kinds of layers, so that bindings and tools can enumerate them. A new layer is a file and a line here.
public enum LayerCatalogue {
    /// Every kind, in the order in which help lists them. Each knows its name: `Dense.kind`.
    public static var all: [any Layer.Type] {
        [
            // Core.
            Dense.self, Embedding.self, ActivationLayer.self, IdentityLayer.self,
            // Convolution.
            Conv1D.self, Conv2D.self, Conv3D.self, Conv2DTranspose.self, DepthwiseConv2D.self, SeparableConv2D.self,
            // Pooling.
            MaxPooling1D.self, MaxPooling2D.self, MaxPooling3D.self, AveragePooling1D.self, AveragePooling2D.self,
            AveragePooling3D.self, GlobalMaxPooling1D.self, GlobalMaxPooling2D.self, GlobalMaxPooling3D.self,
            GlobalAveragePooling1D.self, GlobalAveragePooling2D.self, GlobalAveragePooling3D.self,
            // Normalization.
            BatchNormalization.self, LayerNormalization.self, RMSNormalization.self, GroupNormalization.self,
            UnitNormalization.self,
            // Regularization.
            Dropout.self, SpatialDropout1D.self, SpatialDropout2D.self, SpatialDropout3D.self, GaussianDropout.self,
            GaussianNoise.self, ActivityRegularization.self,
            // Shape.
            Flatten.self, Reshape.self, Permute.self, RepeatVector.self, Cropping2D.self, ZeroPadding1D.self,
            ZeroPadding2D.self, UpSampling1D.self, UpSampling2D.self,
            // Merging.
            Add.self, Subtract.self, Multiply.self, Average.self, Maximum.self, Minimum.self, Concatenate.self,
            Dot.self,
            // Activations.
            ReLU.self, LeakyReLU.self, PReLU.self, ELU.self, Softmax.self,
            // Preprocessing.
            Rescaling.self,
        ]
    }

    /// The names of all kinds.
    public static var kinds: [String] { all.map { $0.kind } }
}
