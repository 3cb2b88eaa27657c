/// Which items need which, directly or by way of others.
struct Ancestors {
    private var sets: [[UInt64]] = []

    init<Kernel>(_ items: [WorkItem<Kernel>]) {
        let dependencies = Schedule.dependencies(items)
        let words = (items.count + 63) / 64
        sets = Array(repeating: Array(repeating: 0, count: words), count: items.count)
        for item in Schedule.order(items, after: dependencies) ?? [] {
            for other in dependencies[item] {
                for word in 0..<words { sets[item][word] |= sets[other][word] }
                sets[item][other / 64] |= 1 << UInt64(other % 64)
            }
        }
    }

    var count: Int { sets.count }

    func item(_ item: Int, dependsOn other: Int) -> Bool {
        sets[item][other / 64] >> UInt64(other % 64) & 1 == 1
    }
}
