import PeriluneLua
import PeriluneLuaRuntime
import PeriluneProcess
import PeriluneTrain
import Testing

/// A state and its runs go with their last owner, whatever scripts keep of them: a host may open many.
@Suite struct StateLifetimeTests {
    /// A run holds on to who attends it.
    private final class Attendant: RunAttendant {
        func fitBegins(_ interrupts: Interrupts) {}
        func serve(_ interruption: Interruption) -> InterruptDecision { .resume }
        func fitStandsStill(at interruption: Interruption?) {}
        func fitEnds() {}
    }

    /// Runs a script in a state that nobody keeps.
    /// - Returns: what is left of it, and the message of its error.
    private func remains(of script: String) throws -> (state: LuaState?, run: (any RunAttendant)?, failure: String?) {
        weak var state: LuaState?
        weak var attendant: Attendant?
        var failure: String?
        do {
            let (opened, attending) = (try lune(smallModel), Attendant())
            (state, attendant) = (opened, attending)
            opened.runHooks.attendant = attending
            failure = opened.failure(script)?.message
        }
        return (state, attendant, failure)
    }

    @Test(
        arguments: [
            "model:fit(data, { epochs = 1, verbose = 0, callbacks = { { on_epoch_end = "
                + "function(_, _, r) kept = r end } } })",
            "model:evaluate(data, { verbose = 0, callbacks = { { on_test_end = function(_, run) kept = run end } } })",
            """
            model:fit(data, { epochs = 1, verbose = 0, callbacks = { { on_train_begin = function(_, run)
              kept = run:add_callback { on_epoch_end = function() end }
            end } } })
            """,
        ])
    func `what scripts keep of a run keeps nothing alive`(script: String) throws {
        let remains = try remains(of: script)
        #expect(remains.failure == nil)
        #expect(remains.state == nil)
        #expect(remains.run == nil)
    }

    @Test func `nor does a run that could not begin`() throws {
        let remains = try remains(
            of: "model:fit(data, { verbose = 0, callbacks = { lune.early_stopping { monitor = 'val_nothing' } } })")
        #expect(remains.failure?.contains("val_nothing") == true, "\(remains.failure ?? "")")
        #expect(remains.state == nil)
        #expect(remains.run == nil)
    }
}
