import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

/// What recurrent layers give besides their numbers, which `TorchTests` has.
@Suite struct RecurrentTests {
    private func outputs(of layer: any Layer, _ shapes: Shape...) throws -> [ModelTensor] {
        try layer.outputs(of: shapes.map { Input($0) })
    }

    @Test func `the last states come after the output`() throws {
        let shapes = try outputs(of: LSTM(4, returnsSequences: true, returnsState: true), [6, 3]).map(\.shape)
        #expect(shapes == [[6, 4], [4], [4]])
        #expect(try outputs(of: GRU(4, returnsState: true), [6, 3]).map(\.shape) == [[4], [4]])
        let two = StackedRNNCells([LSTMCell(4), GRUCell(2)])
        #expect(
            try outputs(of: RNN(two, SequenceOptions(returnsState: true)), [6, 3]).map(\.shape) == [[2], [4], [4], [2]])
        let both = try Bidirectional(LSTM(4, returnsState: true))
        #expect(try outputs(of: both, [6, 3]).map(\.shape) == [[8], [4], [4], [4], [4]])
        let apart = try Bidirectional(GRU(4, returnsSequences: true), merging: .none)
        #expect(try outputs(of: apart, [6, 3]).map(\.shape) == [[6, 4], [6, 4]])
    }

    @Test func `weights have Keras's names, order and shapes`() throws {
        func weights(_ layer: any Layer) throws -> [String] {
            let input = Input([5, 3])
            let model = try Model(inputs: [input], outputs: layer.outputs(of: [input]))
            return model.variables.entries.map { "\($0.path) \($0.shape)" }
        }
        #expect(
            try weights(LSTM(2)) == ["lstm/kernel [3, 8]", "lstm/recurrent_kernel [2, 8]", "lstm/bias [8]"])
        #expect(try weights(GRU(2)) == ["gru/kernel [3, 6]", "gru/recurrent_kernel [2, 6]", "gru/bias [2, 6]"])
        #expect(
            try weights(RNN(StackedRNNCells([SimpleRNNCell(2), SimpleRNNCell(1)]))) == [
                "rnn/stacked_rnn_cells/simple_rnn_cell/kernel [3, 2]",
                "rnn/stacked_rnn_cells/simple_rnn_cell/recurrent_kernel [2, 2]",
                "rnn/stacked_rnn_cells/simple_rnn_cell/bias [2]",
                "rnn/stacked_rnn_cells/simple_rnn_cell_1/kernel [2, 1]",
                "rnn/stacked_rnn_cells/simple_rnn_cell_1/recurrent_kernel [1, 1]",
                "rnn/stacked_rnn_cells/simple_rnn_cell_1/bias [1]",
            ])
        #expect(
            try weights(Bidirectional(SimpleRNN(2))).map { String($0.prefix { $0 != " " }) } == [
                "bidirectional/forward_simple_rnn/kernel", "bidirectional/forward_simple_rnn/recurrent_kernel",
                "bidirectional/forward_simple_rnn/bias", "bidirectional/backward_simple_rnn/kernel",
                "bidirectional/backward_simple_rnn/recurrent_kernel", "bidirectional/backward_simple_rnn/bias",
            ])
    }

    @Test func `the forget gate's bias begins as 1`() throws {
        func bias(_ recurrence: LSTMRecurrence) throws -> [Float] {
            let input = Input([5, 3])
            let model = try Model(inputs: [input], outputs: LSTM(recurrence).outputs(of: [input]))
            return try #require(model.variables["lstm/bias"]).initialValue(seed: 1).floats
        }
        var recurrence = LSTMRecurrence(2)
        #expect(try bias(recurrence) == [0, 0, 1, 1, 0, 0, 0, 0])
        recurrence.forgets = false
        #expect(try bias(recurrence) == [0, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test func `initial states are where the recurrence begins`() throws {
        let x = testTensor([2, 4, 3])
        let layer = LSTM(4, returnsState: true)
        let input = Input([4, 3])
        let whole = try Model(inputs: [input], outputs: layer.outputs(of: [input]))
        let half = [Input([2, 3]), Input([4]), Input([4])]
        let second = try Model(inputs: half, outputs: layer.outputs(of: half))
        func rows(_ start: Int) throws -> Tensor {
            try evaluate([x]) { _, x in [try x[0].sliced(starts: [0, start, 0], extents: [2, 2, 3])] }[0]
        }
        let zeros = Tensor(repeating: 0, shape: [2, 4])
        let middle = try evaluateModel(second, [rows(0), zeros, zeros], isTraining: false).outputs
        let end = try evaluateModel(second, [rows(2), middle[1], middle[2]], isTraining: false).outputs
        for (a, b) in zip(end, try evaluateModel(whole, [x], isTraining: false).outputs) { expectClose(a, b) }
    }

    @Test func `dropout drops the same elements in all steps, in training alone`() throws {
        var recurrence = SimpleRecurrence(3)
        (recurrence.activation, recurrence.usesBias, recurrence.dropout) = (.linear, false, 0.5)
        recurrence.recurrent.initializer = Zeros()
        let model = Sequential([SimpleRNN(recurrence, SequenceOptions(returnsSequences: true))])
        let x = Tensor(repeating: 1, shape: [1, 6, 8])
        let trained = try evaluateModel(model, [x], isTraining: true).outputs[0].floats
        #expect(Set(stride(from: 0, to: 18, by: 3).map { Array(trained[$0..<$0 + 3]) }).count == 1)
        #expect(try evaluateModel(model, [x], isTraining: false).outputs[0].floats != trained)
    }

    /// Expects an error with this text in it.
    private func expectFault(
        _ text: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> some Any
    ) {
        let error = #expect(throws: ModelError.self, sourceLocation: sourceLocation) { _ = try body() }
        #expect(error?.message.contains(text) == true, "\(error?.message ?? "")", sourceLocation: sourceLocation)
    }

    @Test func `what does not fit is said`() throws {
        let sequence = Input([4, 3])
        expectFault("takes a sequence [n, steps, inputs]") { try LSTM(2)(Input([3])) }
        expectFault("takes 2 initial states, got 1") {
            try LSTM(2)([sequence, Input([2])])
        }
        expectFault("expects initial state 2 of shape [n, 2], got shape [n, 3]") {
            try LSTM(2)([sequence, Input([2]), Input([3])])
        }
        expectFault("takes a recurrent layer such as lune.lstm(8), got one of the kind dense") {
            try Bidirectional(Dense(2))
        }
        expectFault("both directions must agree on 'return_sequences' and 'return_state'") {
            try Bidirectional(GRU(2), backward: GRU(2, returnsSequences: true))
        }
        expectFault("takes 2 states, got 0") { try LSTMCell(2)(Input([3])) }
        expectFault("expects state 1 of shape [n, 2], got shape [n, 3]") { try GRUCell(2)([Input([3]), Input([3])]) }
        expectFault("takes one cell or more") { try RNN(StackedRNNCells([]))(sequence) }
    }
}
