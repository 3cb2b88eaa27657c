public import Foundation
public import PeriluneGraph

/// Numbers of another program, made by a script in `scripts/fixtures`: for each case, lists of numbers by name. Shapes
/// are those of what they are compared with.
public struct FixtureFile: Sendable {
    private struct Contents: Decodable {
        let cases: [String: [String: [Double]]]
    }

    private let cases: [String: [String: [Double]]]
    private let name: String

    /// - Parameter path: within the bundle's resources, without the extension. A file that cannot be read ends the test
    ///   run: without it tests would pass for want of cases.
    public init(_ path: String, in bundle: Bundle) {
        name = path
        do {
            let data = try Data(contentsOf: bundle.bundleURL.appending(path: path + ".json"))
            cases = try JSONDecoder().decode(Contents.self, from: data).cases
        } catch {
            fatalError("fixture '\(path)': \(error)")
        }
    }

    public var names: [String] { cases.keys.sorted() }

    /// The numbers of a case, empty where there are none: no comparison holds then.
    public func values(_ name: String, of test: String) -> [Double] { cases[test]?[name] ?? [] }

    public func has(_ name: String, of test: String) -> Bool { cases[test]?[name] != nil }

    /// The numbers of a case, in the shape of `tensor`.
    public func array(_ name: String, of test: String, like tensor: Tensor) -> ReferenceEvaluator.Array {
        let numbers = values(name, of: test)
        let shape = numbers.count == tensor.shape.elementCount ? tensor.shape : [numbers.count]
        return ReferenceEvaluator.Array(shape, numbers)
    }
}
