internal import PeriluneBinding
internal import PeriluneGraph

/// Axes as scripts count them: from 1, or from the end with -1 as the last.
enum Axes {
    static let help = "counted from 1; negative ones from the end"

    /// What the graph calls the axis: from 0, negative from the end.
    /// - Returns: nil for 0, which is no axis.
    static func inner(_ axis: Int) -> Int? { axis > 0 ? axis - 1 : axis < 0 ? axis : nil }
}

extension Arguments {
    /// The axis for a tensor of `shape`, counted from 0; nil where none was given.
    func axis(_ name: String, of shape: Shape) throws -> Int? {
        guard let given = try optionalInteger(name) else { return nil }
        guard let inner = Axes.inner(given), let front = shape.normalized(axis: inner) else {
            throw fault(name, axisMessage(given, shape))
        }
        return front
    }

    /// One axis or a list of them, counted from 0; nil where none was given.
    func axes(_ name: String, of shape: Shape) throws -> [Int]? {
        guard try isGiven(name) else { return nil }
        return try integers(name).map { given in
            guard let inner = Axes.inner(given), let front = shape.normalized(axis: inner) else {
                throw fault(name, axisMessage(given, shape))
            }
            return front
        }
    }

    private func axisMessage(_ given: Int, _ shape: Shape) -> String {
        shape.rank == 0
            ? "a scalar has no axes" : "a tensor of shape \(shape) has axes 1 to \(shape.rank), got \(given)"
    }
}
