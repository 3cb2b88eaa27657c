internal import PeriluneLua
internal import PeriluneLuaRuntime
internal import PeriluneTrain

/// Objects of the library as the prompt shows them: more than `tostring` says.
enum ObjectDisplay {
    /// Nil for objects about which there is no more to say, or which cannot be looked at just now.
    static func text(_ object: AnyObject, _ state: LuaState, _ style: PromptStyle) -> String? {
        if let tensor = object as? LuaTensor { return try? TensorDisplay.text(tensor.value, style) }
        if let model = object as? LuaModel { return ModelDisplay.text(model, style) }
        if let layer = object as? LuaLayer { return LayerDisplay.text(layer, state.session, style) }
        if let recorder = object as? HistoryRecorder { return HistoryDisplay.text(recorder.history, style) }
        if let dataset = object as? LuaDataset { return DatasetDisplay.text(dataset, style) }
        if let run = object as? LuaRun { return RunDisplay.text(run, style) }
        if let optimizer = object as? Optimizer { return OptimizerDisplay.text(optimizer, style) }
        if let box = object as? CallbackBox { return CallbackDisplay.text(box.callback, style) }
        return nil
    }
}
