import Zone

/// Nodes whose NSEC or NSEC3 records an answer needs, each once; they are written when the answer section
/// is complete. It belongs to the worker and is cleared for each answer.
struct ProofList: ~Copyable {
  struct Proof: BitwiseCopyable {
    var zone: Int
    var node: Node
    /// The offset in the message of the name that was asked about, and its labels.
    var name: Int
    var labelCount: Int
    /// How many of the name's last labels the node's name ends in.
    var sharedLabels: Int
  }

  /// One for each link of a chain that goes through a wildcard, and three for its end.
  private static var most: Int { 20 }

  private var proofs = InlineArray<20, Proof?>(repeating: nil)
  private(set) var count = 0

  mutating func clear() { count = 0 }

  mutating func add(_ proof: Proof) {
    guard count < Self.most else { return }
    for i in 0..<count {
      if let known = proofs[i], known.zone == proof.zone, known.node.offset == proof.node.offset { return }
    }
    proofs[count] = proof
    count += 1
  }

  subscript(index: Int) -> Proof? { proofs[index] }
}
