import PeriluneGraph
import PeriluneNN
import Testing

@testable import PeriluneData
@testable import PeriluneTrain

/// A model keeps to the words that class numbers stood for when it was first trained.
@Suite struct VocabularyTests {
    private func read(_ text: String, like first: Dataset? = nil) throws -> Dataset {
        let file = TemporaryFile(text)
        var options = CSVOptions(targets: ["label"], categories: ["color", "label"])
        if let first {
            options = CSVOptions()
            options.like = first.table
        }
        return try withExtendedLifetime(file) { try .csv(file.path, options: options) }
    }

    private let train = "color,label\nblue,a\ngreen,b\nred,c\n"
    private let other = "color,label\ngreen,a\nred,b\ngreen,c\n"
    private let labels = "color,label\nblue,a\ngreen,b\nred,d\n"

    private func trainer() throws -> Trainer {
        let trainer = try Trainer(
            Sequential([Dense(3)]), optimizer: .sgd(), loss: SparseCategoricalCrossentropy(), seed: 1)
        trainer.message = { _ in }
        return trainer
    }

    private let fault =
        "column 'color': the classes are green, red where the model was trained with blue, green, red; read this file "
        + "like the other one (like), or compile the model anew to train it on other classes"

    @Test func otherWordsDoNotMix() throws {
        let data = try read(train)
        let wrong = try read(other)
        let model = try trainer()
        expectError(fault) { try model.fit(data, epochs: 1, validation: wrong, verbose: .silent) }
        // A run that never began leaves the model free.
        try trainer().fit(wrong, epochs: 1, verbose: .silent)
        try model.fit(data, epochs: 1, validation: read(other, like: data), verbose: .silent)
        expectError(fault) { _ = try model.evaluate(wrong) }
        expectError(fault) { _ = try model.predict(wrong) }
        expectError(fault) { try model.fit(wrong, epochs: 1, verbose: .silent) }
        _ = try model.evaluate(read(other, like: data))
        _ = try model.predict(floats([0, 1], shape: [2, 1]))
        expectError(
            "column 'label': the classes are a, b, d where the model was trained with a, b, c; read this file like the "
                + "other one (like), or compile the model anew to train it on other classes"
        ) { _ = try model.evaluate(read(labels)) }
    }

    /// The checkpoint says which words its class numbers stand for: the numbers alone may be the same.
    @Test func aResumedRunKeepsToItsWords() throws {
        let keeper = CheckpointKeeper()
        let data = try read(train)
        try trainer().fit(data, epochs: 1, callbacks: [keeper], verbose: .silent)
        let checkpoint = try #require(keeper.kept.last)
        let file = TemporaryFile("")
        try checkpoint.write(to: file.path)
        var options = FitOptions()
        (options.epochs, options.resume, options.verbose) = (2, file.path, .silent)
        let renamed = try read("color,label\nblack,a\ngreen,b\nred,c\n")
        #expect(renamed.signature == data.signature)
        let model = try trainer()
        expectError(
            "column 'color': the classes are black, green, red where the model was trained with blue, green, red; read "
                + "this file like the other one (like), or compile the model anew to train it on other classes"
        ) { try model.fit(renamed, options) }
        try model.fit(data, options)
        expectError(fault) { _ = try model.evaluate(read(other)) }
        _ = try model.evaluate(read(other, like: data))
        // The process that goes on with its last epoch has nothing to train, and keeps to the words all the same.
        options.epochs = 1
        let done = try trainer()
        try done.fit(data, options)
        expectError(fault) { _ = try done.evaluate(read(other)) }
    }

    @Test func aFitThatDoesNotBeginTeachesNothing() throws {
        let model = try trainer()
        let (data, wrong) = (try read(train), try read(other))
        expectError(fault) { try model.fit(data, epochs: 1, validation: wrong, verbose: .silent) }
        try model.fit(wrong, epochs: 1, verbose: .silent)
    }

    @Test func weightsOfClassesThatDoNotExist() throws {
        let data = try read(train)
        func fit(_ weights: ClassWeights) throws {
            var options = FitOptions()
            (options.classWeight, options.verbose) = (weights, .silent)
            try trainer().fit(data, options)
        }
        try fit([1, 2, 3])
        try fit([0: 1, 2: 5])
        expectError("class_weight: there is no class 99; there are 3, 0...2") { try fit([99: 3]) }
        expectError("class_weight: there is no class 3; there are 3, 0...2") { try fit([0: 1, 3: 3]) }
        let list =
            "class_weight: a list has one weight for each class from 0 up; there are 3 classes, and 2 weights; some "
            + "classes are weighted by their numbers: { [0] = 1, [2] = 5 }"
        expectError(list) { try fit([1, 2]) }
        let weighted = try data.classWeighted([1, 2, 3], classes: 3)
        #expect(try weighted.sampleWeights()?.floats == [1, 2, 3])
    }
}
