internal import PeriluneItems
internal import PeriluneTrain

enum SampleBinding {
    static let function = CallbackBindings.make(
        "sample",
        options: [
            .every, .required("run", .function, "takes the model and the run; may return what callbacks return"),
        ],
        help: """
            Runs a function on the model every so often.
            lune.sample { every = 5, run = function(model, run) print(run.epoch, model.layers[1].kernel:norm()) end }
            """
    ) { arguments in
        let function = try arguments.function("run")
        return try Sampler(every: arguments.frequency()) { context in
            guard let state = function.reference.state else { throw LuaError(.closed, "the Lua state is closed") }
            let box = state.session.known(context.run)
            do {
                let model = box.map { LuaValue.object($0.model) } ?? .nil
                let returned = try function.call(model, box.map { .object($0) } ?? .nil).first ?? .nil
                return try ScriptDirective.directive(returned, hyperparameters: context.run.optimizer.names)
            } catch let error as LuaError where error.isInterruption {
                state.endInterrupt()
                throw TrainingError(.interrupted, error.message, underlying: error)
            }
        }
    }
}
