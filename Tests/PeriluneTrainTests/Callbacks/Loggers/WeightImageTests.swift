import Foundation
import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneLoggers
@testable import PeriluneTrain

@Suite struct WeightImageTests {
    /// The pictures of a weight, and the extents that TensorBoard is told.
    private func pictures(_ values: [Float], _ shape: Shape) throws -> [PNGReader] {
        let content = try #require(WeightImage(Tensor(values, shape: shape))).summary()
        guard case .images(let files, let width, let height) = content else { throw CancellationError() }
        return try files.map { file in
            let picture = try PNGReader(file)
            #expect(picture.width == width && picture.height == height)
            return picture
        }
    }

    private func row(_ picture: PNGReader, _ row: Int) -> [UInt8] {
        Array(picture.shades[row * picture.width..<(row + 1) * picture.width])
    }

    @Test func `zero is grey, the largest magnitude white or dark, and what is not finite is black`() throws {
        let bias = try pictures([0, 2, -2, 1, -1, .nan, .infinity], [7])
        #expect(bias.count == 1)
        #expect(bias[0].height == 1)
        #expect(bias[0].shades == [128, 255, 1, 192, 64, 0, 0])
        #expect(try pictures([0, 0, 0], [3])[0].shades == [128, 128, 128])
        #expect(
            try pictures([1, .greatestFiniteMagnitude, -.leastNonzeroMagnitude], [3])[0].shades == [128, 255, 128])
    }

    @Test func `a matrix lies on its longer side`() throws {
        let wide = try pictures([0, 1, 2, 3, 4, 5].map { $0 * 127 / 5 }, [2, 3])
        #expect((wide[0].width, wide[0].height) == (3, 2))
        #expect(row(wide[0], 1).last == 255)
        #expect(row(wide[0], 0) == [128, 153, 179])
        let tall = try pictures([0, 1, 2, 3, 4, 5].map { $0 * 127 / 5 }, [3, 2])
        #expect((tall[0].width, tall[0].height) == (3, 2))
        // Its first column.
        #expect(row(tall[0], 0) == [128, 179, 230])
    }

    /// Element [row, column, in, out] of a 2 by 3 window is worth row * 100 + column * 10 + in * 2 + out.
    @Test func `a convolution has a picture of its window for each pair of channels, three at most`() throws {
        var values: [Float] = []
        for row in 0..<2 {
            for column in 0..<3 {
                for channel in 0..<4 { values.append(Float(row * 100 + column * 10 + channel)) }
            }
        }
        let pairs = try pictures(values, [2, 3, 2, 2])
        #expect(pairs.count == 3)
        for (channel, picture) in pairs.enumerated() {
            let expected = [0, 10, 20, 100, 110, 120].map { UInt8(128 + (Float($0 + channel) / 123 * 127).rounded()) }
            #expect(picture.shades == expected)
            #expect((picture.width, picture.height) == (3, 2))
        }
        // Grey images in, so that the axis of 1 does not count; and one spatial axis.
        #expect(try pictures(values, [2, 3, 1, 4]).map(\.shades) == pairs.map(\.shades))
        #expect(try pictures(values, [2, 3, 4]).map(\.shades) == pairs.map(\.shades))
    }

    @Test func `a single number and three spatial axes have no picture, one too large is not made`() throws {
        #expect(WeightImage(Tensor([Float(1)], shape: [1, 1])) == nil)
        #expect(WeightImage(Tensor([Float](repeating: 1, count: 32), shape: [2, 2, 2, 2, 2])) == nil)
        let large = [Float](repeating: 0, count: WeightImage.mostPixels + 2)
        #expect(try #require(WeightImage(Tensor(large, shape: [2, large.count / 2]))).isTooLarge)
        #expect(try #require(WeightImage(Tensor(large, shape: [large.count]))).isTooLarge)
    }

    @Test func `images come with the histograms, by the paths of weights`() throws {
        let folder = try TemporaryFolder()
        let trainer = try Trainer(
            Sequential([Dense(4, name: "first"), Dense(1, name: "last")]), optimizer: .sgd(), loss: MeanSquaredError(),
            seed: 0)
        func fit(_ logs: String, images: Bool) throws -> [EventFileReader.Event] {
            try trainer.fit(
                .tensors(testTensor([12, 3]), testTensor([12, 1])), epochs: 4,
                callbacks: [try TensorBoard(folder.path(logs), histogramFrequency: 2, writeImages: images)],
                verbose: .silent)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(logs + "/train"))
            return try EventFileReader.events(folder.path(logs + "/train/" + #require(names.first)))
        }
        let events = try fit("a", images: true)
        let images = events.flatMap { event in event.tensors.map { (event.step, $0.key, $0.value) } }
            .filter { $0.2.plugin == "images" }
        #expect(
            images.map { "\($0.0) \($0.1)" }
                == [2, 4].flatMap { step in
                    ["first/kernel", "first/bias", "last/kernel"].map { "\(step) \($0)/image" }
                })
        let kernel = try #require(
            events.last { $0.tensors["first/kernel/image"] != nil }?.tensors["first/kernel/image"])
        #expect(kernel.type == 7 && kernel.shape == [3] && kernel.texts.prefix(2) == ["4", "3"])
        let weights = try trainer.getWeights()[0].floats
        let largest = weights.map(abs).max() ?? 0
        #expect(
            try PNGReader(kernel.strings[2]).shades == weights.map { UInt8(128 + ($0 / largest * 127).rounded()) })
        #expect(try fit("b", images: false).allSatisfy { $0.tensors.keys.allSatisfy { !$0.hasSuffix("/image") } })
    }

    @Test func `images without histograms are refused`() throws {
        let error = try #require(throws: TrainingError.self) { try TensorBoard(writeImages: true) }
        #expect(
            error.message == "tensorboard: 'write_images' goes with 'histogram_freq': images come with the histograms")
    }
}
