import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport

extension LayerGradientCase {
    static let recurrent = [
        LayerGradientCase([2, 3, 2]) { SimpleRNN(3) },
        LayerGradientCase([2, 3, 2], note: "without bias, relu") {
            var recurrence = SimpleRecurrence(3)
            (recurrence.usesBias, recurrence.activation) = (false, .elu)
            return SimpleRNN(recurrence, SequenceOptions(returnsSequences: true))
        },
        LayerGradientCase([2, 3, 2], [2, 3], [2, 3], note: "initial states") { LSTM(3) },
        LayerGradientCase([2, 3, 2], note: "backwards") {
            LSTM(3, returnsSequences: true, goesBackwards: true)
        },
        LayerGradientCase([2, 3, 2]) { GRU(3) },
        LayerGradientCase([2, 2], [2, 3]) { SimpleRNNCell(3) },
        LayerGradientCase([2, 2], [2, 3], [2, 3]) { LSTMCell(3) },
        LayerGradientCase([2, 2], [2, 3]) { GRUCell(3) },
        LayerGradientCase([2, 2], [2, 3], [2, 2]) { StackedRNNCells([GRUCell(3), SimpleRNNCell(2)]) },
        LayerGradientCase([2, 3, 2]) { RNN(StackedRNNCells([LSTMCell(2), GRUCell(3)])) },
        LayerGradientCase([2, 3, 2], note: "summed") { try Bidirectional(GRU(2), merging: .sum) },
        LayerGradientCase([2, 3, 2], note: "multiplied") { try Bidirectional(GRU(2), merging: .mul) },
        LayerGradientCase([2, 3, 2]) { TimeDistributed(Dense(2, activation: .tanh)) },
    ]
}
