/// The numbers of one event: names and values in a fixed order.
///
/// All callbacks of an event share one container, so what one writes the later ones see: a new name adds a metric that
/// history, progress bar and monitors take up. The container of a batch event is reused for the next; copy it to keep
/// it. Values of batch events are computed when a callback first reads them.
public final class Logs {
    private var storedNames: [String]
    private var storedValues: [Double]
    /// Fills the container on first access; nil where it is filled already.
    private var pending: (any LogsSource)?
    /// Grows with each change, so that whoever copied the numbers can tell whether they are still the same.
    package private(set) var version = 0

    public init() {
        storedNames = []
        storedValues = []
    }

    public init(_ pairs: KeyValuePairs<String, Double>) {
        storedNames = pairs.map(\.key)
        storedValues = pairs.map(\.value)
    }

    private init(names: [String], values: [Double]) {
        storedNames = names
        storedValues = values
    }
}

extension Logs {
    public var names: [String] {
        fill()
        return storedNames
    }

    public var values: [Double] {
        fill()
        return storedValues
    }

    public var count: Int {
        fill()
        return storedNames.count
    }

    public var isEmpty: Bool { count == 0 }

    /// The value of that name, or nil. Assigning adds the name, or replaces its value; assigning nil removes it.
    public subscript(name: String) -> Double? {
        get {
            fill()
            return index(of: name).map { storedValues[$0] }
        }
        set {
            fill()
            version += 1
            switch (index(of: name), newValue) {
            case (let index?, let value?):
                storedValues[index] = value
            case (let index?, nil):
                storedNames.remove(at: index)
                storedValues.remove(at: index)
            case (nil, let value?):
                storedNames.append(name)
                storedValues.append(value)
            case (nil, nil):
                break
            }
        }
    }

    /// By index, here and below: iterators allocate where nothing is optimized.
    private func index(of name: String) -> Int? {
        for index in storedNames.indices where storedNames[index] == name { return index }
        return nil
    }

    /// A container of its own with these names and values.
    public func copy() -> Logs {
        fill()
        return Logs(names: storedNames, values: storedValues)
    }

    /// Calls `body` for each name and value, in order.
    public func forEach(_ body: (_ name: String, _ value: Double) throws -> Void) rethrows {
        fill()
        for index in storedNames.indices { try body(storedNames[index], storedValues[index]) }
    }
}

/// Writes the values of an event into its logs when they are first read.
protocol LogsSource: AnyObject {
    func fill(_ logs: Logs)
}

// How the loop reuses a container without allocating.
extension Logs {
    /// Lets `source` fill this container when it is first read.
    func deferFilling(to source: any LogsSource) { pending = source }

    /// Gives up the source: what has not been read by now stays empty.
    func release() { pending = nil }

    private func fill() {
        guard let source = pending else { return }
        pending = nil
        source.fill(self)
    }

    /// Makes `names` the only names and lets `body` write their values.
    func fill(_ names: [String], _ body: (inout [Double]) -> Void) {
        // Usually the very array of the last batch, which takes one comparison.
        if storedNames != names {
            storedNames = names
            storedValues.removeAll(keepingCapacity: true)
            for _ in 0..<names.count { storedValues.append(0) }
        }
        version += 1
        body(&storedValues)
    }
}

extension Logs: CustomStringConvertible {
    public var description: String {
        "{" + zip(names, values).map { "\($0) = \($1)" }.joined(separator: ", ") + "}"
    }
}
