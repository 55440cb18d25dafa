import Memory
import Synchronization
import Testing

@Suite struct SharedTests {
  @Test func endsWithItsOnlyOwner() {
    let ledger = Ledger(count: 1)
    do {
      let owner = Shared(Probe(0, ledger))
      #expect(owner.value.check == Probe.check(0))
      #expect(ledger.ends(0) == 0)
    }
    #expect(ledger.ends(0) == 1)
  }

  @Test(arguments: [1, 2, 7])
  func endsWithItsLastOwner(owners: Int) {
    let ledger = Ledger(count: 1)
    var kept: [Owner] = []
    do {
      let first = Shared(Probe(0, ledger))
      for _ in 0..<owners { kept.append(Owner(first.share())) }
    }
    while let owner = kept.popLast() {
      #expect(ledger.ends(0) == 0)
      #expect(owner.value.value.number == 0)
    }
    #expect(ledger.ends(0) == 1)
  }

  @Test func countsAcrossThreads() {
    let ledger = Ledger(count: 1)
    do {
      let owner = Owner(Shared(Probe(0, ledger)))
      let threads = (0..<4).compactMap { _ in
        Thread.start("shared") {
          for _ in 0..<20_000 {
            let copy = owner.value.share()
            precondition(copy.value.check == Probe.check(0))
          }
        }
      }
      for thread in threads { thread.join() }
      #expect(threads.count == 4)
      #expect(ledger.ends(0) == 0)
    }
    #expect(ledger.ends(0) == 1)
  }

  /// A value without any octets still has its count.
  @Test func holdsValuesOfAnySize() {
    struct Empty: Sendable {}
    let empty = Shared(Empty())
    _ = empty.share()
    let large = Shared(InlineArray<1000, Int>(repeating: 7))
    #expect(large.share().value[999] == 7)
  }
}

/// Lets an array and a thread hold what cannot be copied.
final class Owner: Sendable {
  let value: Shared<Probe>
  init(_ value: consuming Shared<Probe>) { self.value = value }
}
