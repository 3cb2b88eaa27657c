/// A callback that listens to `backwardEnd` in some epochs only: in the others no step is taken apart for it.
protocol PeriodicGradientReader: Callback {
    /// Whether it looks at gradients in this epoch, counted from 1.
    func readsGradients(inEpoch epoch: Int) -> Bool
}
