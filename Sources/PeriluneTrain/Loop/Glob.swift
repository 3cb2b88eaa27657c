/// Patterns of names: `*` stands for any characters, `?` for one.
enum Glob {
    static func matches(_ pattern: String, _ name: String) -> Bool {
        let (p, n) = (Array(pattern.unicodeScalars), Array(name.unicodeScalars))
        var (i, j) = (0, 0)
        // Where to go on after the last star when a later character does not fit.
        var star: (pattern: Int, name: Int)?
        while j < n.count {
            if i < p.count, p[i] == "*" {
                star = (i, j)
                i += 1
            } else if i < p.count, p[i] == "?" || p[i] == n[j] {
                i += 1
                j += 1
            } else if let last = star {
                star = (last.pattern, last.name + 1)
                (i, j) = (last.pattern + 1, last.name + 1)
            } else {
                return false
            }
        }
        return p[i...].allSatisfy { $0 == "*" }
    }
}
