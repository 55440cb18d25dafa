import Memory
import Testing

/// What readers and the writer do, one after another. `retires` values are numbered from 0.
private enum Step: Sendable {
  case enter(Int)
  case leave(Int)
  case retire
  /// Collects, and these have ended by then.
  case collect(Set<Int>)
}

private let stories: [(String, [Step])] = [
  ("nobody reads", [.retire, .collect([0])]),
  ("nothing is retired", [.collect([]), .enter(0), .collect([])]),
  ("a reader that was there", [.enter(0), .retire, .collect([]), .collect([]), .leave(0), .collect([0])]),
  ("it may also enter again", [.enter(0), .retire, .collect([]), .leave(0), .enter(0), .collect([0])]),
  ("or enter without leaving", [.enter(0), .retire, .collect([]), .enter(0), .collect([0])]),
  ("a reader before the group is closed holds it", [.retire, .enter(0), .collect([]), .leave(0), .collect([0])]),
  ("one that comes later does not", [.enter(0), .retire, .collect([]), .enter(1), .leave(0), .collect([0])]),
  (
    "every reader counts",
    [
      .enter(0), .enter(1), .enter(2), .retire, .collect([]), .leave(1), .collect([]), .leave(0), .collect([]),
      .leave(2), .collect([0]),
    ]
  ),
  ("a group goes together", [.enter(1), .retire, .retire, .collect([]), .leave(1), .collect([0, 1])]),
  (
    "groups go in order",
    [
      .enter(0), .retire, .collect([]), .enter(1), .retire, .collect([]), .leave(0), .collect([0]), .retire,
      .collect([0]), .leave(1), .collect([0, 1, 2]),
    ]
  ),
  (
    "an old reader holds everything since",
    [
      .enter(2), .retire, .collect([]), .retire, .collect([]), .retire, .collect([]), .leave(2), .collect([0, 1, 2]),
    ]
  ),
]

@Suite struct RetirementTests {
  @Test(arguments: stories)
  fileprivate func story(name: String, steps: [Step]) {
    let ledger = Ledger(count: 8)
    let epochs = ReaderEpochs(readers: 3)
    var retirement = Retirement(epochs)
    var retired = 0
    for step in steps {
      switch step {
      case .enter(let reader): epochs.enter(reader)
      case .leave(let reader): epochs.leave(reader)
      case .retire:
        retirement.retire(Shared(Probe(retired, ledger)))
        retired += 1
      case .collect(let expected):
        _ = retirement.collect()
        #expect(Set((0..<retired).filter { ledger.ends($0) == 1 }) == expected, "\(name)")
        let isEmpty = retirement.isEmpty
        #expect(isEmpty == (expected.count == retired))
      }
    }
  }

  /// The caller decides when the collected end.
  @Test func collectedLiveWithTheCaller() {
    let ledger = Ledger(count: 1)
    var retirement = Retirement(ReaderEpochs(readers: 0))
    retirement.retire(Shared(Probe(0, ledger)))
    do {
      let free = retirement.collect()
      let isEmpty = retirement.isEmpty
      #expect(free.count == 1 && isEmpty)
      #expect(ledger.ends(0) == 0)
      withExtendedLifetime(free) {}
    }
    #expect(ledger.ends(0) == 1)
  }

  @Test func epochs() {
    let epochs = ReaderEpochs(readers: 2)
    let first = epochs.advance()
    #expect(epochs.advance() == first + 1)
    #expect(epochs.reached(first + 1))
    epochs.enter(1)
    #expect(epochs.reached(first + 1))
    #expect(!epochs.reached(epochs.advance()))
    epochs.leave(1)
    #expect(epochs.reached(first + 2))
  }
}
