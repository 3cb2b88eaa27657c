internal import PeriluneGraph
internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneTrain

/// A function that a script has given a callback as an option.
struct GivenFunction: ScriptFunction {
    let function: LuaFunction

    /// What it gives for an epoch or step: a number, or a tensor of one.
    func number(for index: Int, _ value: Double?) throws -> Double {
        let returned = try function.call(.integer(index), value.map { .number($0) } ?? .nil).first ?? .nil
        if let number = returned.number { return number }
        if let tensor = try returned.object(as: LuaTensor.self)?.value, tensor.shape.elementCount == 1,
            let number = tensor.floats.first
        {
            return Double(number)
        }
        let message = "the schedule must return a number, got \(returned.briefText)"
        guard let place = function.place else { throw CallbackFault(message) }
        throw LuaError(.host, place.prefix + message, script: place.script, line: place.line)
    }

    /// What it wants when it is called with the model and the run.
    func directive(at context: EventContext) throws -> Directive? {
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
