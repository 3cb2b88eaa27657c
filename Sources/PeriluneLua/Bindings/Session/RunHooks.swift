public import PeriluneLuaRuntime
public import PeriluneProcess
public import PeriluneTrain

/// How a host takes part in the runs that scripts start: it may interrupt them, and decide what an interruption does.
///
///     state.runHooks.willRun = { interrupts in current = interrupts }
///     state.runHooks.onInterrupt = { interruption in openPrompt(interruption) }
public final class RunHooks {
    /// Called before a fit, evaluation or prediction, with the object that can interrupt it.
    public var willRun: ((Interrupts) -> Void)?
    /// Called after it, whichever way it ended.
    public var didRun: (() -> Void)?
    /// Asked where a fit was interrupted, or a callback pauses it: opens the live prompt. Answers nil where there is
    /// no one to ask, and an interruption then ends the fit in order. Not asked about a stop or attention.
    public var onInterrupt: ((Interruption) throws -> InterruptDecision?)?
    /// Opens a prompt where a script that does not train says `lune.prompt()`.
    public var onPrompt: (() throws -> Void)?
    /// Who speaks for people outside of the process in the fits that scripts start: see `FitOptions.attendant`.
    public var attendant: (any RunAttendant)?
    /// Scripts with Lua states of their own whose callbacks every fit is to have too, after its own. An interrupt of
    /// the state that trains is taken back for them as well (`endInterrupts`), and a host that interrupts scripts from
    /// outside finds here which there are: so a script goes here, and not among `callbacks`.
    public var scripts: [LuaScript] = []
    /// Other callbacks that every fit is to have too, after those of `scripts`.
    public var callbacks: [any Callback] = []
    /// Where fits that are not told where to resume from go on from: a checkpoint, or a folder of them.
    public var resume: String?
    /// Takes remarks of runs for the user, one line each; nil writes them to standard error.
    public var message: ((String) -> Void)?

    /// The run in progress as scripts see it, for a prompt within it; nil where none is.
    public internal(set) var current: AnyObject?

    init() {}
}

extension LuaState {
    /// What a fit that stands still does next; nil where there is no one to ask.
    func answer(_ interruption: Interruption) throws -> InterruptDecision? {
        // A question from outside comes here only where no attendant took it: there is no answer, and the fit goes on.
        if interruption.cause.isAttention { return nil }
        // The interruption has arrived: it must not go on to stop the functions of scripts that are called from here.
        endInterrupts()
        if case .stop = interruption.cause { return .stop }
        guard let ask = runHooks.onInterrupt else { return nil }
        return try withClockStopped(forEvents: true) { try ask(interruption) }
    }

    /// Takes interrupts back (`LuaInterrupt`), those of this state and of `runHooks.scripts`: scripts run again.
    public func endInterrupts() {
        endInterrupt()
        for script in runHooks.scripts { script.state.endInterrupt() }
    }

    /// How this state's runs and the host meet.
    public var runHooks: RunHooks { attachment(RunHooks.self) { RunHooks() } }
}
