internal import PeriluneGraph

/// Puts work items into an order in which every value is written before it is read.
enum Schedule {
    /// The order, or nil where the items wait for each other in a circle.
    ///
    /// Among the items that may run, updates of variables go first, while the gradient they take is still in the cache;
    /// then comes the item that the graph lists first.
    /// - Parameter after: for each item, others that must run before it.
    static func order<Kernel>(_ items: [WorkItem<Kernel>], after: [[Int]]) -> [Int]? {
        var waiting = after.map(\.count)
        var followers = [[Int]](repeating: [], count: items.count)
        for (item, earlier) in after.enumerated() {
            for other in earlier { followers[other].append(item) }
        }
        var ready = PriorityList()
        for item in items.indices where waiting[item] == 0 {
            ready.insert(item, isUpdate: items[item].isUpdate, rank: items[item].rank)
        }
        var order: [Int] = []
        while let next = ready.popFirst() {
            order.append(next)
            for follower in followers[next] {
                waiting[follower] -= 1
                if waiting[follower] == 0 {
                    ready.insert(follower, isUpdate: items[follower].isUpdate, rank: items[follower].rank)
                }
            }
        }
        return order.count == items.count ? order : nil
    }

    /// For each item, those that write what it reads.
    static func dependencies<Kernel>(_ items: [WorkItem<Kernel>]) -> [[Int]] {
        var writers: [BufferID: [Int]] = [:]
        for (index, item) in items.enumerated() {
            for buffer in item.writes { writers[buffer, default: []].append(index) }
        }
        return items.map { item in
            var found: Set<Int> = []
            for buffer in item.reads { found.formUnion(writers[buffer] ?? []) }
            return found.sorted()
        }
    }

    /// The items that are ready, kept in the order in which they should run. Few are ready at a time.
    private struct PriorityList {
        private var entries: [(item: Int, isUpdate: Bool, rank: Int)] = []

        mutating func insert(_ item: Int, isUpdate: Bool, rank: Int) {
            let entry = (item, isUpdate, rank)
            let position = entries.firstIndex { other in
                entry.1 != other.isUpdate ? entry.1 : (entry.2, item) < (other.rank, other.item)
            }
            entries.insert(entry, at: position ?? entries.count)
        }

        mutating func popFirst() -> Int? { entries.isEmpty ? nil : entries.removeFirst().item }
    }
}
