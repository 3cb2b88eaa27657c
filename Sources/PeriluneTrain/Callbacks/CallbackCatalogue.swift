public import PeriluneItems

/// The callbacks by name, but for the loggers, which have a catalogue of their own.
public enum CallbackCatalogue: ItemCatalogue {
    public static let kind = "callback"

    public static let declarations: [CallbackDeclaration] = [
        EarlyStopping.declaration, ModelCheckpoint.declaration, BackupAndRestore.declaration,
        ReduceLROnPlateau.declaration, LearningRateScheduler.declaration, TerminateOnNaN.declaration,
        Rollback.declaration, SwapEMAWeights.declaration, StochasticWeightAveraging.declaration,
        KeepBestWeights.declaration, FreezeSchedule.declaration, Unfreeze.declaration, LayerLearningRates.declaration,
        GradientMonitor.declaration, WeightMonitor.declaration, ActivationMonitor.declaration, Throughput.declaration,
        MemoryMonitor.declaration, LRMonitor.declaration, CallbackTimer.declaration, Sparkline.declaration,
        Sampler.declaration, ProgressBar.declaration, HistoryRecorder.declaration, ThresholdStopper.declaration,
        DivergenceStopper.declaration, TimeBudget.declaration, StopFile.declaration,
        HyperparameterScheduler.declaration, WarmUp.declaration, OneCycle.declaration, CosineRestarts.declaration,
        LearningRateFinder.declaration, AnyStopping.declaration, AllStopping.declaration,
        BatchSizeSchedule.declaration, GradientAccumulationSchedule.declaration,
    ]
}

/// What a callback is called, which options it takes and how it is made.
public typealias CallbackDeclaration = ItemDeclaration<any Callback>
