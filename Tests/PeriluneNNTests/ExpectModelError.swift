import PeriluneItems
import PeriluneNN
import Testing

/// Expects a `ModelError`, or an `ItemError` of a name or option, with exactly this text.
func expectModelError(
    _ message: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> some Any
) {
    do {
        _ = try body()
        Issue.record("nothing was thrown, expected: \(message)", sourceLocation: sourceLocation)
    } catch let error as ModelError {
        #expect(error.description == message, sourceLocation: sourceLocation)
    } catch let error as ItemError {
        #expect(error.description == message, sourceLocation: sourceLocation)
    } catch {
        Issue.record("\(error) was thrown, expected: \(message)", sourceLocation: sourceLocation)
    }
}
