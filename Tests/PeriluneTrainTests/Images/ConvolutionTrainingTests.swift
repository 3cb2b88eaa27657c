import Glibc
import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneTrain
import Testing

/// Whole convolutional nets, trained on real images.
@Suite struct ConvolutionTrainingTests {
    @Test func batchNormalizedDigits() throws {
        let (train, validation) = try Dataset.digits(image: true).shuffled(seed: 1).split(0.8)
        let model = Sequential {
            Conv2D(16, 3)
            BatchNormalization(momentum: 0.9)
            ReLU()
            MaxPooling2D(2)
            Flatten()
            Dense(10)
        }
        let trainer = try Trainer(
            model, optimizer: .adam(learningRate: 2e-3), loss: SparseCategoricalCrossentropy(), metrics: [Accuracy()],
            seed: 2)
        let history = try trainer.fit(train, epochs: 6, batchSize: 32, validation: validation, verbose: .silent)
        #expect(history.last("val_accuracy") ?? 0 > 0.95)
        let moving = model.variables.entries.filter { $0.role == .state }.map(\.path)
        #expect(moving.count == 2, "mean and variance are state, and no parameters: \(moving)")
    }

    /// The convolutional net of the benchmarks.
    @Test(.enabled(if: IDXTests.folder != nil, "the MNIST files are not there; PERILUNE_DATA may name their folder"))
    func mnist() throws {
        let folder = try #require(IDXTests.folder)
        let images = try Dataset.idx(
            images: "\(folder)/t10k-images-idx3-ubyte.gz", labels: "\(folder)/t10k-labels-idx1-ubyte.gz")
        let (train, validation) = try images.split(0.8)
        let model = Sequential {
            Input([28, 28, 1])
            Conv2D(32, 3, activation: .relu)
            MaxPooling2D(2)
            Conv2D(64, 3, activation: .relu)
            MaxPooling2D(2)
            Flatten()
            Dropout(0.5)
            Dense(10)
        }
        let trainer = try Trainer(
            model, optimizer: .adam(), loss: SparseCategoricalCrossentropy(), metrics: [Accuracy()], seed: 1)
        let history = try trainer.fit(train, epochs: 2, batchSize: 128, validation: validation, verbose: .silent)
        #expect(history.last("val_accuracy") ?? 0 > 0.93)
    }
}
