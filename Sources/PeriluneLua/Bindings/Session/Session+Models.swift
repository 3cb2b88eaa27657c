internal import PeriluneNN
internal import PeriluneTrain

extension Session {
    /// A layer was frozen or thawed: programs that were compiled before are out of date.
    func trainabilityChanged() {
        for box in knownLayers { (box as? LuaModel)?.trainer?.trainabilityChanged() }
    }
}

extension Session {
    /// The object for a model that a host trains.
    func model(of trainer: Trainer) -> LuaModel {
        if let known = known(ObjectIdentifier(trainer.model)) as? LuaModel, known.trainer === trainer { return known }
        let made = LuaModel(trainer)
        adopt(made)
        return made
    }
}
