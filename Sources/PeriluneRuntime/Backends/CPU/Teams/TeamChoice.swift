/// Which threads run a program that uses several. The bits are the same.
package enum TeamChoice: Hashable, Sendable {
    /// All of them, or fewer while others take processors from them.
    case bySituation
    case full, small
}
