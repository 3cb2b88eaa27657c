import PeriluneData
import PeriluneGraph
import PeriluneNN
import Testing

@testable import PeriluneTrain

/// Validation ends, whatever it is given.
@Suite struct ValidationStepsTests {
    /// Batches of 2 without end; counts them.
    private func endless(_ count: @escaping () -> Void) -> Dataset {
        .localGenerator {
            {
                count()
                return GeneratedExamples(
                    Tensor(repeating: 0.5, shape: [2, 2]), Tensor(repeating: 1, shape: [2, 1]))
            }
        }
    }

    private func fit(_ validation: Dataset, steps: Int?, epochs: Int = 3) throws -> History {
        var options = FitOptions()
        (options.epochs, options.batchSize, options.validationSteps) = (epochs, 4, steps)
        options.verbose = .silent
        return try lineTrainer().fit(line(), options, validation: validation)
    }

    @Test func aGeneratorNeedsThem() throws {
        var batches = 0
        #expect {
            _ = try fit(endless { batches += 1 }, steps: nil)
        } throws: { error in
            "\(error)".contains("the validation data are a generator, which may never end; say with 'validation_steps'")
        }
        #expect(batches == 0)
        let history = try fit(endless { batches += 1 }, steps: 5)
        #expect(history["val_loss"]?.count == 3)
        // One more each time may be looked at, to learn what it holds.
        #expect((15...19).contains(batches))
    }

    @Test func dataInMemoryAreTakenFromTheBeginning() throws {
        let all = try line()
        let some = try fit(all, steps: 1, epochs: 2)
        let first = try fit(all.take(4), steps: nil, epochs: 2)
        #expect(some["val_loss"] == first["val_loss"])
        #expect(try fit(all, steps: 99)["val_loss"] == fit(all, steps: nil)["val_loss"])
    }
}
