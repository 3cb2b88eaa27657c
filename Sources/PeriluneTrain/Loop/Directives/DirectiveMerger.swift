/// Merges the directives of one event, and takes the errors of its callbacks. Made only where there are any.
///
/// Any stop stops, the first reason given is kept, and `now` wins over later. For a value the last one wins; where that
/// changes an earlier one, a remark says so. Scales multiply. Patterns, files and log entries add up.
final class DirectiveMerger {
    private var wishes: [(wish: Wish, callback: String)] = []
    /// Where the wishes are that a later one may go together with, by key or name.
    private var places: [String: Int] = [:]
    /// One line for each value that a later callback changed.
    private(set) var remarks: [String] = []
    /// The first callback that the user interrupted, as an error that says where.
    private(set) var interruption: TrainingError?
    /// The first error, with the others in it.
    private(set) var failure: TrainingError?

    init() {}

    /// The wishes of all callbacks, in the order in which they are carried out: that of their keys.
    var merged: Directive {
        let order = Dictionary(uniqueKeysWithValues: DirectiveKey.allCases.enumerated().map { ($1, $0) })
        func place(_ wish: Wish) -> Int { order[wish.key] ?? 0 }
        return Directive(
            wishes.enumerated().sorted { (place($0.element.wish), $0.offset) < (place($1.element.wish), $1.offset) }
                .map(\.element.wish))
    }

    /// The first callback that wants to pause; nil where none does.
    var pausing: String? { places[DirectiveKey.pause.rawValue].map { wishes[$0].callback } }

    func add(_ directive: Directive, from callback: String) {
        for wish in directive.wishes { add(wish, from: callback) }
    }

    private func add(_ wish: Wish, from callback: String) {
        switch wish.merging {
        case .each: wishes.append((wish, callback))
        case .joined:
            guard let place = place(of: wish.key.rawValue) else { return wishes.append((wish, callback)) }
            guard case .joined(let join) = wishes[place].wish.merging else { return }
            wishes[place].wish = join(wish)
        case .last(let name, let value):
            guard let place = place(of: name) else { return wishes.append((wish, callback)) }
            if case .last(_, let earlier) = wishes[place].wish.merging, earlier != value {
                remarks.append(
                    "\(name): \(value) from '\(callback)' replaces \(earlier) from '\(wishes[place].callback)'")
            }
            wishes[place] = (wish, callback)
        }
    }

    /// Where an earlier wish of this name is; nil, and the end is noted for it, where there is none.
    private func place(of name: String) -> Int? {
        if let known = places[name] { return known }
        places[name] = wishes.count
        return nil
    }

    /// Takes up the error of a callback. One that was interrupted has not failed.
    func note(_ error: TrainingError) {
        if error.code == .interrupted {
            interruption = interruption ?? error
        } else if failure == nil {
            failure = error
        } else {
            failure?.suppressed.append(error.description)
        }
    }
}

extension DirectiveMerger? {
    /// The merger, which is made now where there is none yet.
    mutating func made() -> DirectiveMerger {
        let merger = self ?? DirectiveMerger()
        self = merger
        return merger
    }
}
