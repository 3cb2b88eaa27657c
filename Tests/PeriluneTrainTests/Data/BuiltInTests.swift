import PeriluneGraph
import Testing

@testable import PeriluneData

@Suite struct BuiltInTests {
    @Test func digits() throws {
        let data = try Dataset.digits()
        #expect(data.count == 1797)
        #expect(data.layout?.inputs[0].spec == TensorSpec([64]))
        #expect(try data.input().floats[..<8].map { $0 * 16 } == [0, 0, 5, 13, 9, 1, 0, 0])
        #expect(try data.input().floats.allSatisfy { $0 >= 0 && $0 <= 1 })
        #expect(try data.take(10).target().integers == Array(0..<10))
        try data.validateLabels(classes: 10)
        let images = try Dataset.digits(image: true)
        #expect(images.layout?.inputs[0].spec == TensorSpec([8, 8, 1]))
        #expect(try images.input().elements == data.input().elements)
        let (train, validation) = try data.split(0.8)
        #expect(train.count == 1437 && validation.count == 360)
    }

    @Test func iris() throws {
        let data = try Dataset.iris()
        #expect(data.count == 150)
        #expect(try data.take(1).input().floats == [5.1, 3.5, 1.4, 0.2])
        #expect(data.layout?.targets[0].classNames == ["setosa", "versicolor", "virginica"])
        #expect(try data.target().integers == (0..<150).map { Int32($0 / 50) })
    }
}
