import Glibc
import Perilune
import PeriluneData

/// A training step of a model on random data: forward, backward and update, in the loop that `fit` runs, metrics
/// included. The shapes are those of the scripts in scripts/peers.
struct TrainingWorkload {
    var name: String
    var summary: String
    /// What an example is: numbers of a shape with a label among 10, or a sequence of tokens with one after each.
    enum Example {
        case numbers([Int])
        case tokens(Int, among: UInt32)
    }

    var example: Example
    var batchSize: Int
    /// Steps in one timed fit.
    var steps: Int
    var makeModel: () -> Model

    /// Times `fit` over one epoch, several times, after one that compiles and warms up.
    func measure(_ settings: BenchSettings) throws -> Measurement {
        let fit = try makeFit(steps: steps)
        var microseconds: [Double] = []
        for run in 0...settings.repeats {
            let time = try fit(settings.threads)
            if run > 0 { microseconds.append(time) }
        }
        let timings = Timings(microseconds)
        return Measurement(
            workload: name,
            figures: [
                ("dtype", .text("float32")),
                // How many it may use; small steps use one whatever there is.
                ("threads", .whole(settings.threads ?? sysconf(Int32(_SC_NPROCESSORS_ONLN)))),
                ("us_per_step", .number(timings.median, digits: 1)),
                ("min_us", .number(timings.least, digits: 1)),
            ])
    }

    /// A function that trains for one epoch of `steps` on so many threads, nil for what the runtime chooses, and
    /// returns the microseconds of a step.
    func makeFit(steps: Int) throws -> (_ threads: Int?) throws -> Double {
        let trainer = try Trainer(
            makeModel(), optimizer: .adam(), loss: SparseCategoricalCrossentropy(fromLogits: true),
            metrics: [Accuracy()], seed: 1)
        let data = try randomData(steps: steps)
        var options = FitOptions()
        options.batchSize = batchSize
        options.verbose = .silent
        return { threads in
            options.threads = threads
            let start = ContinuousClock.now
            try trainer.fit(data, options)
            return (ContinuousClock.now - start).inSeconds * 1e6 / Double(steps)
        }
    }

    private func randomData(steps: Int) throws -> Dataset {
        var random = PhiloxStream(seed: 1, use: "bench", index: 0)
        let rows = batchSize * steps
        func labels(_ shape: [Int], among count: UInt32) -> Tensor {
            Tensor((0..<shape.reduce(1, *)).map { _ in Int32(random.next(below: count)) }, shape: Shape(shape))
        }
        switch example {
        case .numbers(let shape):
            let elements = (0..<rows * shape.reduce(1, *)).map { _ in Float(random.nextWord()) * 0x1p-32 }
            return try .tensors(Tensor(elements, shape: Shape([rows] + shape)), labels([rows], among: 10))
        case .tokens(let length, let count):
            return try .tensors(labels([rows, length], among: count), labels([rows, length], among: count))
        }
    }
}

extension TrainingWorkload {
    static var all: [TrainingWorkload] { [digits, mlp, cnn, lstm] }

    private static var digits: TrainingWorkload {
        TrainingWorkload(
            name: "digits", summary: "dense 64-128-64-10, batch 32", example: .numbers([64]), batchSize: 32, steps: 2000
        ) {
            Sequential {
                Dense(128, activation: .relu)
                Dense(64, activation: .relu)
                Dense(10)
            }
        }
    }

    private static var mlp: TrainingWorkload {
        TrainingWorkload(
            name: "mlp", summary: "dense 784-512-512-10, batch 128", example: .numbers([784]), batchSize: 128,
            steps: 100
        ) {
            Sequential {
                Dense(512, activation: .relu)
                Dense(512, activation: .relu)
                Dense(10)
            }
        }
    }

    private static var cnn: TrainingWorkload {
        TrainingWorkload(
            name: "cnn", summary: "two convolutions, pooling, dropout, dense 10, on 28x28x1, batch 128",
            example: .numbers([28, 28, 1]), batchSize: 128, steps: 20
        ) {
            Sequential {
                Conv2D(32, 3, activation: .relu)
                MaxPooling2D(2)
                Conv2D(64, 3, activation: .relu)
                MaxPooling2D(2)
                Flatten()
                Dropout(0.5)
                Dense(10)
            }
        }
    }

    private static var lstm: TrainingWorkload {
        TrainingWorkload(
            name: "lstm", summary: "embedding 65x64, LSTM 256, dense 65, 64 steps, batch 32",
            example: .tokens(64, among: 65), batchSize: 32, steps: 10
        ) {
            Sequential {
                Embedding(65, 64)
                LSTM(256, returnsSequences: true)
                Dense(65)
            }
        }
    }
}
