public import PeriluneTrain

/// How a host takes part in the runs that scripts start: it may interrupt them, and decide what an interruption does.
///
///     state.runHooks.willRun = { interrupts in current = interrupts }
///     state.runHooks.onInterrupt = { run in openPrompt(run) }
public final class RunHooks {
    /// Called before a fit, evaluation or prediction, with what interrupts it.
    public var willRun: ((Interrupts) -> Void)?
    /// Called after it, whichever way it ended.
    public var didRun: (() -> Void)?
    /// Asked at the batch boundary at which a fit was interrupted, while it is under way; nil stops it in order.
    public var onInterrupt: ((Run) throws -> InterruptDecision)?
    /// Files with global functions that every fit is to have as callbacks too, after its own.
    public var callbackScripts: [String] = []
    /// Takes remarks of runs for the user, one line each; nil writes them to standard error.
    public var message: ((String) -> Void)?

    /// The run in progress as scripts see it, for a prompt within it; nil where none is.
    public internal(set) var current: AnyObject?

    init() {}
}

extension LuaState {
    /// How this state's runs and the host meet.
    public var runHooks: RunHooks { attachment(RunHooks.self) { RunHooks() } }
}
