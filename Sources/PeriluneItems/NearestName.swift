/// Finds what a misspelt name most likely meant, for "did you mean" in error messages.
public enum NearestName {
    /// A name that is longer than this, in bytes, is no misspelling of anything; finding that out would take long.
    static let longest = 256

    /// The candidate closest to `name` by edit distance (insert, delete, replace, swap of neighbours), or nil where all
    /// are further away than a typing mistake would be: more than 2 edits, or more than half of the name's length.
    /// Case is ignored. Of equally near candidates the first wins. One that begins with the whole name and a `_`, as
    /// `save_weights` does with `save`, is nearer than two edits.
    public static func find(_ name: String, among candidates: some Sequence<String>) -> String? {
        guard name.utf8.count <= longest else { return nil }
        let lowercased = name.lowercased()
        let typed = Array(lowercased.utf8)
        let limit = max(1, min(2, typed.count / 2))
        var best: (name: String, distance: Int)?
        // A distance is never less than the difference of the lengths, and takes the product of them to find.
        for candidate in candidates where abs(candidate.utf8.count - typed.count) <= limit {
            let distance = editDistance(typed, Array(candidate.lowercased().utf8))
            if distance <= limit, distance < best?.distance ?? .max {
                best = (candidate, distance)
            }
        }
        if let best, best.distance <= 1 { return best.name }
        // The beginning of a name is a better hint than two mistakes: "save" points at `save_weights`, not at `name`.
        if let longer = candidates.first(where: { $0.lowercased().hasPrefix(lowercased + "_") }), typed.count >= 3 {
            return longer
        }
        guard typed.count >= 4 else { return best?.name }
        return candidates.first { $0.utf8.count >= typed.count && $0.lowercased().hasPrefix(lowercased) } ?? best?.name
    }

    /// `; did you mean 'x'?`, or the empty string where nothing is near.
    public static func hint(_ name: String, among candidates: some Sequence<String>) -> String {
        find(name, among: candidates).map { "; did you mean '\($0)'?" } ?? ""
    }

    /// Optimal string alignment distance (Damerau 1964, restricted form).
    static func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
        var beforePrevious = [Int](repeating: 0, count: b.count + 1)
        var previous = Array(0...b.count)
        for i in 1...a.count {
            var current = [i] + [Int](repeating: 0, count: b.count)
            for j in 1...b.count {
                let replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
                current[j] = min(replaced, previous[j] + 1, current[j - 1] + 1)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    current[j] = min(current[j], beforePrevious[j - 2] + 1)
                }
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[b.count]
    }
}
