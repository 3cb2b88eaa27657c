import Perilune
import PeriluneBinding
import PeriluneItems
import Testing

@Suite struct LayerBindingTests {
    @Test func `Every layer of the library is in the module, under its name`() throws {
        let module = try #require(PeriluneModule.binding.modules.first { $0.name == "layers" })
        #expect(Set(LayerCatalogue.kinds).subtracting(module.functions.map(\.name)) == [])
    }

    @Test(
        arguments: [
            ("lune.dense(3, { activation = 'relu', use_bias = false })", "{ 5 }", 15, "{3}"),
            ("lune.dense { 3, activation = { 'leaky_relu', negative_slope = 0.1 } }", "{ 5 }", 18, "{3}"),
            (
                "lune.dense(3, { kernel_initializer = 'he_normal', kernel_regularizer = lune.l2(0.1), "
                    + "bias_constraint = 'non_neg' })",
                "{ 5 }", 18, "{3}"
            ),
            (
                "lune.dense(3, { kernel_initializer = lune.orthogonal(2), kernel_constraint = lune.max_norm(2) })",
                "{ 5 }", 18, "{3}"
            ),
            ("lune.conv1d(4, 3, { padding = 'causal' })", "{ 8, 2 }", 28, "{8, 4}"),
            ("lune.conv2d(4, 3, { padding = 'same' })", "{ 8, 8, 2 }", 76, "{8, 8, 4}"),
            ("lune.conv2d(4, { 3, 1 }, { strides = 2 })", "{ 9, 9, 2 }", 28, "{4, 5, 4}"),
            ("lune.conv3d(2, 2)", "{ 4, 4, 4, 1 }", 18, "{3, 3, 3, 2}"),
            ("lune.conv2d_transpose(3, 2, { strides = 2 })", "{ 4, 4, 2 }", 27, "{8, 8, 3}"),
            ("lune.depthwise_conv2d(3)", "{ 8, 8, 2 }", 20, "{6, 6, 2}"),
            ("lune.separable_conv2d(4, 3)", "{ 8, 8, 2 }", 30, "{6, 6, 4}"),
            ("lune.max_pooling1d(2)", "{ 8, 3 }", 0, "{4, 3}"), ("lune.max_pooling2d()", "{ 8, 8, 3 }", 0, "{4, 4, 3}"),
            ("lune.max_pooling3d { 2 }", "{ 4, 4, 4, 3 }", 0, "{2, 2, 2, 3}"),
            ("lune.average_pooling1d(2)", "{ 8, 3 }", 0, "{4, 3}"),
            ("lune.average_pooling2d(2, { strides = 1 })", "{ 4, 4, 3 }", 0, "{3, 3, 3}"),
            ("lune.average_pooling3d(2)", "{ 4, 4, 4, 1 }", 0, "{2, 2, 2, 1}"),
            ("lune.global_max_pooling1d()", "{ 4, 3 }", 0, "{3}"),
            ("lune.global_max_pooling2d { keepdims = true }", "{ 4, 4, 3 }", 0, "{1, 1, 3}"),
            ("lune.global_max_pooling3d()", "{ 2, 2, 2, 3 }", 0, "{3}"),
            ("lune.global_average_pooling1d()", "{ 4, 3 }", 0, "{3}"),
            ("lune.global_average_pooling2d()", "{ 4, 4, 3 }", 0, "{3}"),
            ("lune.global_average_pooling3d()", "{ 2, 2, 2, 3 }", 0, "{3}"),
            ("lune.batch_normalization { momentum = 0.8 }", "{ 4 }", 16, "{4}"),
            ("lune.layer_normalization()", "{ 4 }", 8, "{4}"), ("lune.rms_normalization()", "{ 4 }", 4, "{4}"),
            ("lune.group_normalization { groups = 2 }", "{ 4 }", 8, "{4}"),
            ("lune.unit_normalization()", "{ 4 }", 0, "{4}"),
            ("lune.dropout(0.5)", "{ 4 }", 0, "{4}"), ("lune.spatial_dropout1d(0.5)", "{ 4, 2 }", 0, "{4, 2}"),
            ("lune.spatial_dropout2d(0.5)", "{ 4, 4, 2 }", 0, "{4, 4, 2}"),
            ("lune.spatial_dropout3d(0.5)", "{ 2, 2, 2, 2 }", 0, "{2, 2, 2, 2}"),
            ("lune.gaussian_noise(0.1)", "{ 4 }", 0, "{4}"), ("lune.gaussian_dropout(0.1)", "{ 4 }", 0, "{4}"),
            ("lune.activity_regularization { l2 = 0.1 }", "{ 4 }", 0, "{4}"),
            ("lune.flatten()", "{ 4, 3 }", 0, "{12}"), ("lune.reshape { 2, -1 }", "{ 12 }", 0, "{2, 6}"),
            ("lune.permute { 2, 1 }", "{ 4, 3 }", 0, "{3, 4}"), ("lune.repeat_vector(3)", "{ 4 }", 0, "{3, 4}"),
            ("lune.cropping2d { { 1, 0 }, { 0, 2 } }", "{ 4, 4, 1 }", 0, "{3, 2, 1}"),
            ("lune.zero_padding1d { 1, 2 }", "{ 4, 1 }", 0, "{7, 1}"),
            ("lune.zero_padding2d { 1, 2 }", "{ 4, 4, 1 }", 0, "{6, 8, 1}"),
            ("lune.upsampling1d(2)", "{ 4, 1 }", 0, "{8, 1}"),
            ("lune.upsampling2d { 2, 3 }", "{ 4, 4, 1 }", 0, "{8, 12, 1}"),
            ("lune.relu { max_value = 6 }", "{ 4 }", 0, "{4}"),
            ("lune.leaky_relu { negative_slope = 0.1 }", "{ 4 }", 0, "{4}"),
            ("lune.prelu()", "{ 4 }", 4, "{4}"), ("lune.elu()", "{ 4 }", 0, "{4}"),
            ("lune.softmax()", "{ 4 }", 0, "{4}"),
            ("lune.activation('tanh')", "{ 4 }", 0, "{4}"), ("lune.identity()", "{ 4 }", 0, "{4}"),
            ("lune.rescaling(1/255, { offset = -1 })", "{ 4 }", 0, "{4}"),
            ("lune.embedding(10, 3)", "{ 4, dtype = 'int32' }", 30, "{4, 3}"),
        ])
    func `A layer is made, built and run`(layer: String, input: String, parameters: Int, output: String) throws {
        let state = try lune()
        let results = try state.run(
            """
            local layer = \(layer)
            local input = lune.input \(input)
            local model = lune.sequential { input, layer }
            local x = lune.zeros(2, table.unpack(input.shape)):to(input.dtype)
            local y = model:predict(x)
            local shape, wanted = y.shape, \(output)
            table.remove(shape, 1)
            return model:count_params(), table.concat(shape, ","), table.concat(wanted, ","), \
            table.concat(layer.output_shape, ",")
            """)
        #expect(results[0].integer == parameters)
        #expect(results[1] == results[2])
        #expect(results[3] == results[2])
    }

    @Test func `Merging layers and shared layers make functional models`() throws {
        let state = try lune()
        try state.run(
            """
            local a, b = lune.input({ 4 }, { name = "a" }), lune.input { 4 }
            local shared = lune.dense(3, { name = "shared" })
            local names = { "add", "subtract", "multiply", "average", "maximum", "minimum" }
            for _, name in ipairs(names) do
              local model = lune.model { inputs = { a, b }, outputs = lune[name]()(shared(a), shared(b)) }
              local y = model:predict({ lune.ones(2, 4), lune.ones(2, 4) })
              assert(y.shape[2] == 3 and #model.layers == 2 and model.layers[1].name == "shared", name)
            end
            local joined = lune.concatenate()({ shared(a), shared(b) })
            assert(joined.shape[1] == 6)
            local cosine = lune.dot { normalize = true } (shared(a), shared(b))
            local model = lune.model { inputs = { a, b }, outputs = { joined, cosine }, name = "two" }
            local outputs = model:predict({ lune.ones(2, 4), lune.ones(2, 4) })
            local y, z = outputs[1], outputs[2]
            assert(#outputs == 2)
            assert(y.shape[2] == 6 and z.shape[2] == 1 and math.abs(z[{1,1}] - 1) < 1e-4)
            assert(model.name == "two" and model.input_names[1] == "a")
            assert(model.layers[1] == shared)
            """)
    }

    @Test(
        arguments: [
            ("lune.dense(0)", "bad argument #1 to 'dense' (integer of at least 1 expected, got 0)"),
            ("lune.dense()", "bad argument #1 to 'dense' (integer of at least 1 expected, got no value)"),
            (
                "lune.dense(3, { activaton = 'relu' })",
                "unknown option 'activaton' in dense; did you mean 'activation'?"
            ),
            (
                "lune.dense(3, { activation = { 'leaky_relu', negative_slope = -1 } })",
                "bad field 'activation' in dense "
                    + "(bad option 'negative_slope' of leaky_relu (number of at least 0 expected))"
            ),
            (
                "lune.dense(3, { activation = 'rellu' })",
                "bad field 'activation' in dense (unknown activation 'rellu'; did you mean 'relu'?)"
            ),
            (
                "lune.dense(3, { kernel_initializer = 'he_norml' })",
                "bad field 'kernel_initializer' in dense (unknown initializer 'he_norml'; did you mean 'he_normal'?)"
            ),
            (
                "lune.dense(3, { kernel_regularizer = lune.he_normal() })",
                "bad field 'kernel_regularizer' in dense (regularizer expected, got initializer)"
            ),
            ("lune.dropout(1.5)", "bad argument #1 to 'dropout' (number of at least 0 and below 1 expected, got 1.5)"),
            ("lune.dense('x')", "bad argument #1 to 'dense' (integer of at least 1 expected, got 'x')"),
            ("lune.densee(3)", "unknown field 'densee' of lune; did you mean 'dense'?"),
            (
                "lune.conv2d(3, 3, { padding = 'sane' })",
                "bad field 'padding' in conv2d ('valid', 'same' or 'causal' expected, got 'sane'); did you mean 'same'?"
            ),
            (
                "lune.conv2d(3, 3, { strides = 2, dilation_rate = 2 })",
                "conv2d: strides and dilation_rate must not both be above 1, got [2, 2] and [2, 2]"
            ),
            (
                "lune.softmax { axis = 0 }",
                "bad field 'axis' in softmax (axes are counted from 1; negative ones from the end; there is no axis 0)"
            ),
            (
                "lune.sequential { lune.dense(3), 5 }",
                "bad argument #1 to 'sequential' (layer or model_tensor expected, got number at [2])"
            ),
            (
                "lune.sequential { lune.dense(3, { name = 'a' }), lune.dense(3, { name = 'a' }) }",
                "two layers are named 'a': names must be unique within a model"
            ),
            (
                "lune.sequential { lune.input { 4 }, lune.dense(3), lune.conv2d(3, 3) }",
                "layer 'conv2d' (conv2d): takes an input of 4 axes with the batch, got shape [n, 3]"
            ),
            (
                "lune.dense(3)(lune.tensor{1})",
                "a layer is called with tensors of a functional model, from lune.input, got tensor"
            ),
            ("lune.dense(3).kernel", "unknown field 'kernel' of layer"),
        ])
    func `A mistake has its message`(expression: String, message: String) throws {
        let state = try lune()
        #expect(state.failure("local x = \(expression)")?.message == "script.lua:1: \(message)")
    }
}
