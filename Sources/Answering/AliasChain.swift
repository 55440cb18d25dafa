import Wire
import Zone

/// The links that an answer has come through, so that a loop ends where it closes and no record is sent
/// twice. It belongs to the worker and is cleared for each answer.
struct AliasChain: ~Copyable {
  /// Links that are followed at most.
  private static var longest: Int { 16 }

  private struct Redirection: BitwiseCopyable {
    var zone: Int
    /// The offset of the DNAME's node.
    var node: Int
    var position: Int
  }

  private var names = InlineArray<16, UInt64>(repeating: 0)
  private var count = 0
  private var redirections = InlineArray<16, Redirection?>(repeating: nil)
  private var redirectionCount = 0

  mutating func clear() { (count, redirectionCount) = (0, 0) }

  /// Remembers the owner of an alias; false when that was the last link to be sent.
  mutating func add(_ name: borrowing NameBuffer) -> Bool {
    guard count < Self.longest else { return false }
    names[count] = name.hash
    count += 1
    return true
  }

  func contains(_ name: borrowing NameBuffer) -> Bool {
    let hash = name.hash
    for i in 0..<count where names[i] == hash { return true }
    return false
  }

  mutating func add(redirection node: Node, zone: Int, at position: Int) {
    guard redirectionCount < Self.longest else { return }
    redirections[redirectionCount] = Redirection(zone: zone, node: node.offset, position: position)
    redirectionCount += 1
  }

  /// Where in the message the DNAME record of `node` is.
  func redirection(_ node: Node, zone: Int) -> Int? {
    for i in 0..<redirectionCount {
      if let known = redirections[i], known.zone == zone, known.node == node.offset { return known.position }
    }
    return nil
  }
}

extension NameBuffer {
  fileprivate var hash: UInt64 { nameHash(bytes, from: 0, count: length) }
}
