import PeriluneGraph
import Testing

@testable import PeriluneData

@Suite struct LabelTests {
    private func labelled(_ labels: Tensor) throws -> Dataset {
        try .tensors(Tensor(repeating: 0, shape: [labels.shape[0], 2]), labels)
    }

    @Test func classNumbersPass() throws {
        try counted(9).validateLabels(classes: 3)
        try labelled(floats([0, 1, 2], shape: [3])).validateLabels(classes: 3)
    }

    @Test func faultsNameRowAndValue() throws {
        let integers = try labelled(Tensor([0, 3, -1] as [Int32], shape: [3]))
        expectError("row 2: column 'y': label 3 is out of range; there are 3 classes, 0...2") {
            try integers.validateLabels(classes: 3)
        }
        expectError("row 3: column 'y': label -1 is out of range; there are 4 classes, 0...3") {
            try integers.validateLabels(classes: 4)
        }
        expectError("row 2: column 'y': label 1.5 is not a whole number") {
            try labelled(floats([0, 1.5], shape: [2])).validateLabels(classes: 3)
        }
        expectError("row 1: column 'y': label -2 is out of range; there are 3 classes, 0...2") {
            try labelled(floats([-2, 1.5], shape: [2])).validateLabels(classes: 3)
        }
        expectError("the data set has no targets") {
            try Dataset.tensors(Tensor(repeating: 0, shape: [2])).validateLabels(classes: 3)
        }
        expectError("there must be at least 1 class, got 0") { try counted(3).validateLabels(classes: 0) }
    }

    @Test func rowsAreNumberedInTheSource() throws {
        expectError("row 5: column 'y[2,1]': label 7 is out of range; there are 2 classes, 0...1") {
            var labels = [Int32](repeating: 0, count: 24)
            labels[18] = 7
            try labelled(Tensor(labels, shape: [6, 2, 2])).split(0.5).rest.validateLabels(classes: 2)
        }
    }

    @Test func labelsBecomeIntegers() throws {
        let data = try labelled(floats([0, 2, 1], shape: [3])).withLabels(classes: 3)
        #expect(try data.target().elements == .int32([0, 2, 1]))
        #expect(data.layout?.targets[0].spec == TensorSpec(.scalar, .int32))
    }

    @Test func classWeightsBecomeSampleWeights() throws {
        let data = try counted(5).split(0.4).rest.classWeighted([0: 2, 2: 0.5])
        #expect(try data.sampleWeights()?.floats == [0.5, 2, 1])
        #expect(data.layout?.hasSampleWeights == true)
        let oneHot = try labelled(floats([0, 1, 0, 1, 0, 0], shape: [2, 3])).classWeighted([1: 3])
        #expect(try oneHot.sampleWeights()?.floats == [3, 1])
    }

    @Test func classWeightFaults() throws {
        expectError("class_weight: there is no class -1") { _ = try counted(3).classWeighted([-1: 2]) }
        expectError("class_weight: the weight of class 1 is nan") { _ = try counted(3).classWeighted([1: .nan]) }
        expectError("class_weight cannot be combined with sample weights; give one of them") {
            _ = try counted(3, weighted: true).classWeighted([1: 2])
        }
        expectError("row 2: column 'y': label 0.5 is not a class number") {
            _ = try labelled(floats([0, 0.5], shape: [2])).classWeighted([1: 2])
        }
    }
}
