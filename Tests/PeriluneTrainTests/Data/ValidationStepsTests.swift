import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneProcess
import PeriluneRuntime
import Testing

@testable import PeriluneTrain

/// Validation, evaluation and prediction end, whatever they are given.
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

    @Test func evaluateAndPredictTakeSteps() throws {
        var batches = 0
        let trainer = try lineTrainer()
        let loss = try trainer.evaluate(endless { batches += 1 }, steps: 3)["loss"]
        #expect(loss?.isFinite == true && (3...4).contains(batches))
        #expect(try trainer.predict(endless {}, steps: 4)[0].shape == [8, 1])
        #expect(try trainer.predict(line(), batchSize: 4, steps: 2)[0].shape == [8, 1])
        #expect(try trainer.evaluate(line(), batchSize: 4, steps: 1).values == trainer.evaluate(line().take(4)).values)
        for (name, body) in [
            ("evaluate", { _ = try trainer.evaluate(line(), steps: 0) }),
            ("predict", { _ = try trainer.predict(line(), steps: -1) }),
        ] as [(String, () throws -> Void)] {
            #expect(failure(body).hasPrefix("\(name): 'steps' must be a whole number of 1 or more, got "))
        }
    }

    @Test func aPredictionThatNeverEndsRunsOutOfMemoryBeforeTheHostDoes() throws {
        final class Budget: MemoryBudget {
            var free = 200_000
            func take(_ byteCount: Int) throws(RuntimeError) {
                guard byteCount <= free else { throw RuntimeError(.outOfMemory, "the limit is reached") }
                free -= byteCount
            }
            func giveBack(_ byteCount: Int) { free += byteCount }
        }
        let model = Sequential([Dense(1)])
        let trainer = try Trainer(
            model, optimizer: .sgd(), loss: MeanSquaredError(), seed: 1,
            state: ModelState(model, seed: 1, budget: Budget()))
        let text = failure { _ = try trainer.predict(endless {}) }
        #expect(text.contains("predict: a generator has given "))
        #expect(text.contains("(the limit is reached); 'steps' says how many batches to take"))
    }

    @Test func anEndlessPassCanBeInterrupted() async throws {
        var batches = 0
        let trainer = try lineTrainer()
        let data = endless {
            batches += 1
            if batches == 20 { trainer.interrupts.request(.stop) }
        }
        #expect(failure { _ = try trainer.evaluate(data) }.hasPrefix("interrupted after "))
        batches = 0
        #expect(failure { _ = try trainer.predict(data) }.hasPrefix("interrupted after "))
        // By the task that runs it, too.
        let text = await Task {
            do {
                let trainer = try lineTrainer()
                var batches = 0
                let data = Dataset.localGenerator {
                    {
                        batches += 1
                        if batches == 20 { withUnsafeCurrentTask { $0?.cancel() } }
                        return GeneratedExamples(
                            Tensor(repeating: 0.5, shape: [2, 2]), Tensor(repeating: 1, shape: [2, 1]))
                    }
                }
                _ = try trainer.evaluate(data)
                return "it ended"
            } catch {
                return "\(error)"
            }
        }.value
        #expect(text.hasPrefix("interrupted after "))
    }

    @Test func aLongPassIsNotSilent() throws {
        let engine = try FakeEngine()
        (engine.knowsLength, engine.validationBatches) = (false, 100_000)
        func evaluate(steps: Int?) throws {
            var options = FitOptions()
            options.validationSteps = steps
            let session = try #require(try engine.makeValidationSession())
            _ = try TrainingLoop(
                engine: engine, options: options, callbacks: [], hasValidation: false, isTraining: false,
                message: { engine.remarks.append($0) }
            ).evaluate(session)
        }
        try evaluate(steps: 100_000)
        #expect(engine.remarks == [])
        try evaluate(steps: nil)
        #expect(
            engine.remarks == [
                "the generator has given 100000 batches and has not ended; 'steps' says how many to take"
            ])
    }
}
