public import PeriluneItems

/// The layers by name.
public enum LayerCatalogue: ItemCatalogue {
    public static let kind = "layer"

    public static let declarations: [LayerDeclaration] = [
        // Core.
        Dense.declaration, Embedding.declaration, ActivationLayer.declaration, IdentityLayer.declaration,
        Rescaling.declaration,
        // Convolution.
        Conv1D.declaration, Conv2D.declaration, Conv3D.declaration, Conv2DTranspose.declaration,
        DepthwiseConv2D.declaration, SeparableConv2D.declaration,
        // Pooling.
        MaxPooling1D.declaration, MaxPooling2D.declaration, MaxPooling3D.declaration, AveragePooling1D.declaration,
        AveragePooling2D.declaration,
        AveragePooling3D.declaration, GlobalMaxPooling1D.declaration, GlobalMaxPooling2D.declaration,
        GlobalMaxPooling3D.declaration,
        GlobalAveragePooling1D.declaration, GlobalAveragePooling2D.declaration, GlobalAveragePooling3D.declaration,
        // Recurrent.
        SimpleRNN.declaration, LSTM.declaration, GRU.declaration, SimpleRNNCell.declaration, LSTMCell.declaration,
        GRUCell.declaration, StackedRNNCells.declaration, RNN.declaration, Bidirectional.declaration,
        TimeDistributed.declaration,
        // Normalization.
        BatchNormalization.declaration, LayerNormalization.declaration, RMSNormalization.declaration,
        GroupNormalization.declaration,
        UnitNormalization.declaration,
        // Regularization.
        Dropout.declaration, SpatialDropout1D.declaration, SpatialDropout2D.declaration, SpatialDropout3D.declaration,
        GaussianDropout.declaration,
        GaussianNoise.declaration, ActivityRegularization.declaration,
        // Shape.
        Flatten.declaration, Reshape.declaration, Permute.declaration, RepeatVector.declaration, Cropping2D.declaration,
        ZeroPadding1D.declaration,
        ZeroPadding2D.declaration, UpSampling1D.declaration, UpSampling2D.declaration,
        // Merging.
        Add.declaration, Subtract.declaration, Multiply.declaration, Average.declaration, Maximum.declaration,
        Minimum.declaration, Concatenate.declaration,
        Dot.declaration,
        // Activations.
        ReLU.declaration, LeakyReLU.declaration, PReLU.declaration, ELU.declaration, Softmax.declaration,
    ]

    /// The names of all kinds.
    public static var kinds: [String] { declarations.map(\.name) }
}
