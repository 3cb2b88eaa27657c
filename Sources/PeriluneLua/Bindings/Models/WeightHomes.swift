internal import PeriluneGraph
internal import PeriluneNN
internal import PeriluneRuntime
internal import PeriluneTrain

/// Knows in which model's memory the present values of each weight are.
///
/// A layer may be part of several models, as when an autoencoder shares its encoder. Each model keeps memory of its
/// own; the model that trained last is a weight's home, and the others copy from there before they are used.
final class WeightHomes {
    private struct Home {
        weak var model: LuaModel?
    }

    private var homes: [ObjectIdentifier: Home] = [:]

    /// The model that holds the values of `weight`, where one does.
    func home(of weight: Weight) -> LuaModel? { homes[ObjectIdentifier(weight)]?.model }

    /// Brings a model's copies up to date; where it is about to train, it becomes the home of its weights.
    func prepare(_ model: LuaModel, training: Bool) throws {
        for variable in model.model.variables.entries {
            let other = home(of: variable.weight)
            if let other, other !== model, let tensor = try other.read(variable.weight) {
                try model.state.store.write(tensor, to: variable.id)
            }
            if training || other == nil { homes[ObjectIdentifier(variable.weight)] = Home(model: model) }
        }
    }

    /// Makes a model that a host trains the home of its weights: what it holds is right.
    func claim(_ model: LuaModel) {
        for variable in model.model.variables.entries {
            homes[ObjectIdentifier(variable.weight)] = Home(model: model)
        }
    }

    /// Hands the values that `model` has just been given to the homes of its weights.
    func publish(_ model: LuaModel) throws {
        for variable in model.model.variables.entries {
            if let other = home(of: variable.weight), other !== model,
                let id = other.model.variables[variable.weight]?.id
            {
                try other.state.store.write(model.state.store.read(variable.id), to: id)
            } else {
                homes[ObjectIdentifier(variable.weight)] = Home(model: model)
            }
        }
    }
}
