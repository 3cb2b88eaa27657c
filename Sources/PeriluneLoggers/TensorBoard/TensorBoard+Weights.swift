import PeriluneGraph
import PeriluneTrain

// What TensorBoard shows of the weights, at the ends of epochs.
extension TensorBoard {
    func writeWeights(_ epoch: Int, _ run: Run) throws {
        if histogramFrequency > 0, epoch % histogramFrequency == 0 {
            let weights = run.namedWeights.filter { $0.tensor.dtype == .float32 }
            try files[.train]?.write(histograms(weights), step: epoch)
            if writesImages { try writeImages(weights, epoch, run) }
        }
        if embeddingsFrequency > 0, epoch % embeddingsFrequency == 0 {
            try projector?.write(to: folder(.train), run)
        }
    }

    private func histograms(_ weights: [(path: String, tensor: Tensor)]) -> [SummaryValue] {
        weights.compactMap { path, tensor in
            Histogram(tensor.floats).map { .init(tag: path + "/histogram", content: .histogram($0)) }
        }
    }

    /// An event for each weight: all of them in one would take much memory.
    private func writeImages(_ weights: [(path: String, tensor: Tensor)], _ epoch: Int, _ run: Run) throws {
        for (path, tensor) in weights {
            guard let image = WeightImage(tensor) else { continue }
            guard !image.isTooLarge else {
                run.sayOnce("\(name): \(path) of shape \(tensor.shape) is too large for an image")
                continue
            }
            try files[.train]?.write([.init(tag: path + "/image", content: image.summary())], step: epoch)
        }
    }
}
