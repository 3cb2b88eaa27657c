/// Which callback of a run owns which of the states that a checkpoint kept.
///
/// The pairs that have most in common are found first. A state that could as well be that of another callback has no
/// owner: it is better lost, and that said, than given to the wrong one. Only callbacks that nothing tells apart, as
/// many in the run as in the checkpoint, have theirs in their order.
struct CallbackOwners {
    /// By callback: the state that it owns.
    private(set) var states: [Int: Int] = [:]
    /// States that could be those of several callbacks.
    private(set) var disputed: [Int] = []
    /// States that no callback is like.
    private(set) var lost: [Int] = []

    private struct Pair {
        let callback: Int
        let state: Int
        let likeness: Int
    }

    init(of saved: [CallbackIdentity], among callbacks: [CallbackIdentity]) {
        var pairs = callbacks.indices.flatMap { callback in
            saved.indices.compactMap { state in
                callbacks[callback].likeness(to: saved[state]).map {
                    Pair(callback: callback, state: state, likeness: $0)
                }
            }
        }
        while let most = pairs.lazy.map(\.likeness).max() {
            let group = Self.group(pairs.filter { $0.likeness == most })
            let isClear =
                group.callbacks.count == group.states.count
                && (group.callbacks.count == 1
                    || Set(group.callbacks.map { callbacks[$0] }).count == 1
                        && Set(group.states.map { saved[$0] }).count == 1)
            if isClear {
                for (callback, state) in zip(group.callbacks, group.states) { states[callback] = state }
            } else {
                disputed += group.states
            }
            pairs.removeAll { group.callbacks.contains($0.callback) || group.states.contains($0.state) }
        }
        lost = saved.indices.filter { !states.values.contains($0) && !disputed.contains($0) }
    }

    /// The first of these pairs, and all that have a callback or a state in common with it, directly or by way of
    /// others.
    private static func group(_ pairs: [Pair]) -> (callbacks: [Int], states: [Int]) {
        var (callbacks, states): (Set<Int>, Set<Int>) = ([pairs[0].callback], [])
        var size = 0
        while callbacks.count + states.count > size {
            size = callbacks.count + states.count
            for pair in pairs where callbacks.contains(pair.callback) || states.contains(pair.state) {
                callbacks.insert(pair.callback)
                states.insert(pair.state)
            }
        }
        return (callbacks.sorted(), states.sorted())
    }
}
